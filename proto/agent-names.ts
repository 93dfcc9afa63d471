/** What agents are called where several are called alike: the end of the id tells them apart, in every list and in the search. */
import { fold } from './fold.ts';
import { shownText } from './visible-text.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A name as it is compared: "On Hold", "on-hold" and "onhold" are one. No value of the search can hold a quote. */
export function nameKey(name: string): string {
  return fold(name).replace(/[\s"_-]+/g, '');
}

/** The shortest end of an id that is told. */
const shortest = 4;

/**
 * @param reserved what else stands in the same list
 * @returns a name for each, of which no two are one to a reader or to the search
 */
export function distinctNames(agents: readonly Named[], reserved: readonly string[] = []): string[] {
  const lengths = agents.map(() => 0);
  for (;;) {
    const names = agents.map(({ id, name }, at) => withEnd(name, id, lengths[at] ?? 0));
    const keys = names.map(nameKey);
    const counts = new Map<string, number>();
    for (const key of [...keys, ...reserved.map(nameKey)]) counts.set(key, (counts.get(key) ?? 0) + 1);
    let isDone = true;
    for (const [at, { id }] of agents.entries()) {
      const length = lengths[at] ?? 0;
      if (counts.get(keys[at] ?? '') === 1 || length >= id.length) continue;
      lengths[at] = Math.max(shortest, length * 2);
      isDone = false;
    }
    if (isDone) return names;
  }
}

function withEnd(name: string, id: string, length: number): string {
  return length === 0 ? shownText(name) : `${shownText(name)} (${shownText(id.slice(-length))})`;
}
