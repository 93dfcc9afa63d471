/** A run as one HTML file without scripts: what must not have happened, and a timeline of what was broken and what was asked. */
import { rules } from './check.ts';
import { type Kind, kinds, type Operation } from './history.ts';
import { inWords, type SoakReport } from './rounds.ts';

/** Of a lane's drawing, whatever its width on the screen. */
const [laneWidth, laneHeight] = [1_000, 24];
const slots = 250;
const axisMarks = 6;
/** Of each rule, so that a page of a run in which everything failed can still be opened. */
const shownComplaints = 100;

/** What became of an operation: the classes of its mark, in the order in which they are piled up. */
const fates = ['done', 'refused', 'unanswered', 'complained'] as const;
type Fate = (typeof fates)[number];

const fateWords: Record<Fate, string> = {
  done: 'done',
  refused: 'refused, or a clash shown',
  unanswered: 'never answered',
  complained: 'complained of',
};

/** @param told.title what was broken. @param told.again the command that repeats it */
export function renderReport(report: SoakReport, told: { title: string; again: string }): string {
  const { history, complaints } = report;
  const { operations, breakages } = history;
  const moments = [...breakages.map(({ toMs }) => toMs), ...operations.map(({ askedMs }) => askedMs)];
  // A call takes some hundred thousand arguments at most, and a long run has more operations.
  const endMs = moments.reduce((last, moment) => Math.max(last, moment), 1);
  const words = inWords(report).complaints;
  const bad = new Set(complaints.map(({ operation }) => operation));
  const fateOf = (one: Operation): Fate => {
    if (bad.has(one)) return 'complained';
    if (!one.answer) return 'unanswered';
    return ['STORED', 'QUEUED'].includes(one.answer.state) ? 'done' : 'refused';
  };
  const asked = kinds
    .map((kind) => ({ kind, all: operations.filter((one) => one.kind === kind) }))
    .filter(({ all }) => all.length > 0);
  const lanes = [...new Set(breakages.map(({ lane }) => lane))].sort();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(told.title)}</title>
<style>${style}</style>
<main>
<h1>${escaped(told.title)}</h1>
<p class="verdict ${words.length > 0 ? 'bad' : 'good'}">${words.length > 0 ? 'What must not happen has happened.' : 'Each that was answered is there once, nothing was read old, and each count was right.'}</p>
<p>${breakages.length} faults in ${clock(endMs)}, ${operations.length} operations. Again: <code>${escaped(told.again)}</code></p>
${words.length > 0 ? `<h2>Complaints</h2>\n${listOf(report, words)}` : ''}
<h2 id="timeline">Timeline</h2>
<p class="legend">${['killed', 'broken', ...fates].map((name) => `<span><i class="${name}"></i>${legendWords(name)}</span>`).join(' ')}</p>
<div class="scroll" role="region" aria-labelledby="timeline" tabindex="0">
<table class="timeline">
<tbody>
${lanes.map((lane) => faultLane(lane, report, endMs)).join('\n')}
</tbody>
<tbody>
${asked.map(({ kind, all }) => kindLane(kind, all, { fateOf, endMs })).join('\n')}
</tbody>
<tfoot><tr><td></td><td><div class="axis">${Array.from({ length: axisMarks }, (_, at) => `<span>${clock((endMs * at) / (axisMarks - 1))}</span>`).join('')}</div></td></tr></tfoot>
</table>
</div>
<h2>Operations</h2>
<div class="scroll" role="region" aria-label="Operations" tabindex="0">
<table class="counts">
<thead><tr><th scope="col">Kind</th><th scope="col">asked</th>${fates.map((fate) => `<th scope="col">${fateWords[fate]}</th>`).join('')}</tr></thead>
<tbody>
${asked.map(({ kind, all }) => countsRow(kind, all.map(fateOf))).join('\n')}
</tbody>
</table>
</div>
</main>
</html>
`;
}

function legendWords(name: string): string {
  if (name === 'killed') return 'killed';
  return name === 'broken' ? 'broken in another way' : fateWords[name as Fate];
}

function listOf({ complaints }: SoakReport, words: readonly string[]): string {
  const all = Object.entries(rules).flatMap(([rule, meaning]) => {
    const ofRule = complaints.filter((one) => one.rule === rule);
    if (ofRule.length === 0) return [];
    const items = ofRule.slice(0, shownComplaints).map(({ words: told, operation }) => {
      if (!operation) return `<li>${escaped(told)}</li>`;
      const { askedMs, by, kind, ticket = '', texts = [] } = operation;
      return `<li>${clock(askedMs)} ${escaped(`${by}: ${kind} ${ticket} ${texts[0] ?? ''}: ${told}`)}</li>`;
    });
    return `<details open><summary>${ofRule.length} ${escaped(meaning)}</summary><ul>${items.join('')}</ul></details>`;
  });
  const others = words.slice(all.length).map((told) => `<li>${escaped(told)}</li>`);
  return `${all.join('\n')}${others.length > 0 ? `<ul>${others.join('')}</ul>` : ''}`;
}

function lane(name: string, label: string, drawn: string): string {
  return `<tr><th scope="row">${escaped(name)}</th><td><svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${laneWidth} ${laneHeight}" preserveAspectRatio="none">${drawn}</svg></td></tr>`;
}

function faultLane(name: string, { history }: SoakReport, endMs: number): string {
  const own = history.breakages.filter((one) => one.lane === name);
  const drawn = own.map(({ what, fromMs, toMs }) => {
    const width = Math.max(1, ((toMs - fromMs) / endMs) * laneWidth);
    const box = `x="${round((fromMs / endMs) * laneWidth)}" width="${round(width)}" y="2" height="${laneHeight - 4}"`;
    const title = `${name} ${what} at ${clock(fromMs)} for ${Math.round(toMs - fromMs)} ms`;
    return `<rect class="${what === 'killed' ? 'killed' : 'broken'}" ${box}><title>${escaped(title)}</title></rect>`;
  });
  return lane(name, `${own.length} faults`, drawn.join(''));
}

/** A bar for each slot of time: how much was asked, and what became of it. */
function kindLane(
  kind: Kind,
  all: readonly Operation[],
  { fateOf, endMs }: { fateOf: (one: Operation) => Fate; endMs: number },
): string {
  const counts = Array.from({ length: slots }, () => ({ done: 0, refused: 0, unanswered: 0, complained: 0 }));
  for (const one of all) {
    const slot = counts[Math.min(slots - 1, Math.floor((one.askedMs / endMs) * slots))];
    if (slot) slot[fateOf(one)] += 1;
  }
  const most = Math.max(...counts.map((slot) => fates.reduce((sum, fate) => sum + slot[fate], 0)));
  const width = laneWidth / slots;
  const drawn = counts.flatMap((slot, at) => {
    let below = laneHeight;
    return fates.map((fate) => {
      if (slot[fate] === 0) return '';
      // One alone has to be seen.
      const height = Math.max(2, (slot[fate] / most) * laneHeight);
      below -= height;
      const title = `${slot[fate]} ${fateWords[fate]} at ${clock((at * endMs) / slots)}`;
      return `<rect class="${fate}" x="${round(at * width)}" width="${round(width)}" y="${round(Math.max(0, below))}" height="${round(height)}"><title>${title}</title></rect>`;
    });
  });
  return lane(kind, `${all.length} asked`, drawn.join(''));
}

function countsRow(kind: Kind, found: readonly Fate[]): string {
  const cells = fates.map((fate) => `<td>${found.filter((one) => one === fate).length}</td>`);
  return `<tr><th scope="row">${kind}</th><td>${found.length}</td>${cells.join('')}</tr>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Minutes and seconds since the run began. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --page: #fff; --text: #1f2328; --line: #d0d7de; --lane: #f3f5f7;
  --killed: #b42318; --broken: #d98e04; --done: #2f6fdb; --refused: #8250df; --unanswered: #8c959f; --complained: #e5007a; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --text: #e6e8eb; --line: #3a4149; --lane: #1d2126;
  --killed: #ff7b6b; --broken: #f0b849; --done: #6ea8fe; --refused: #c297ff; --unanswered: #7d8590; --complained: #ff5cad; --good: #57c06f; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
.verdict { font-weight: 600; margin: .5rem 0; } .good { color: var(--good); } .bad { color: var(--killed); }
code { overflow-wrap: anywhere; } li { overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .85rem; margin: 0 0 .5rem; }
.legend span { display: inline-flex; align-items: center; gap: .35rem; } .legend i { width: .8rem; height: .8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { font-weight: 500; text-align: left; white-space: nowrap; padding: .15rem .75rem .15rem 0; font-size: .85rem; }
.timeline { min-width: 46rem; } .timeline th { width: 1%; } .timeline td { padding: .1rem 0; }
.timeline tbody + tbody tr:first-child > * { border-top: 1px solid var(--line); }
.timeline svg { display: block; width: 100%; height: ${laneHeight}px; background: var(--lane); }
.axis { display: flex; justify-content: space-between; font-size: .8rem; font-variant-numeric: tabular-nums; }
.counts td, .counts thead th:not(:first-child) { text-align: right; padding: .15rem .5rem; font-variant-numeric: tabular-nums; }
.counts tr > * { border-bottom: 1px solid var(--line); }
${['killed', 'broken', ...fates].map((name) => `rect.${name} { fill: var(--${name}); } i.${name} { background: var(--${name}); }`).join('\n')}
`;
