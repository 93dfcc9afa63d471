import { expect, it } from 'vitest';
import { History } from './history.ts';
import { renderReport } from './report.ts';
import { verdict } from './rounds.ts';

const nothing = { tickets: [], changes: [], comments: [], requests: [], counts: [], backWithAuthor: [] };
const told = { title: 'A desk', again: 'npm run soak -- --kills 1 --seed 2' };

it('tells what must not have happened before all else, when it was asked and how it is repeated', async () => {
  const history = new History();
  const asked = { by: 'proxy', kind: 'create', requestId: 'r', texts: ['<b>one</b>'] } as const;
  await history.run(asked, async () => ({ state: 'QUEUED' }));
  history.breakages.push({ lane: 'postgres', what: 'killed', fromMs: 1, toMs: 3 });
  const page = renderReport(verdict(history, nothing), told);
  const [top = '', timeline = ''] = page.split('Timeline');
  expect(top).toContain('1 answered, and not there');
  expect(top).toContain('&#60;b&#62;one');
  expect(top).toContain(told.again);
  expect(timeline).toMatch(/<th scope="row">postgres<.*class="killed"/);
  expect(timeline).toMatch(/<th scope="row">create<.*class="complained"/);
  expect(page).not.toMatch(/<script|https?:|<b>/);
});

it('says that all is well where nothing is to be complained of', () => {
  const page = renderReport(verdict(new History(), nothing), told);
  expect(page).toContain('nothing was read old');
  expect(page).not.toContain('Complaints');
});

it('draws a run of as many operations as a thousand faults leave', () => {
  const history = new History();
  const asked = { by: 'proxy', kind: 'create', texts: [] as string[] } as const;
  history.operations.push(
    ...Array.from({ length: 100 }, (_, at) => ({ ...asked, requestId: `r${at}`, askedMs: at })),
  );
  for (let times = 0; times < 12; times += 1)
    for (const one of history.operations.slice()) history.operations.push(one);
  expect(renderReport(verdict(history, nothing), told)).toContain(`${history.operations.length} operations`);
});
