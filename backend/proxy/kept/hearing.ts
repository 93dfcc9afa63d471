/** Until when what is kept was true: while every change is heard of, all that has been seen since that began. */
import type { Kept, KeptValue } from './kept.ts';

const noteEveryMs = 500;

/** The last time that every change was heard of, from its beginning to its end (ms since 1970). */
interface Heard {
  from: number;
  until: number;
}

export function createHearing(kept: Kept) {
  const last = () => kept.get('hearing')?.value as Heard | undefined;
  let from: number | undefined;
  let notedAt = 0;

  /** Every change is heard of to this moment. */
  function note(): void {
    if (from === undefined) return;
    notedAt = Date.now();
    kept.keep('hearing', { from, until: notedAt } satisfies Heard);
  }

  return {
    /** From now on every change is heard of; before, some may have been missed. */
    begin(): void {
      from = Date.now();
      notedAt = 0;
    },

    note,

    /** As above, of what is heard all the time. */
    noteNowAndThen(): void {
      if (Date.now() - notedAt > noteEveryMs) note();
    },

    /** The end of the last time; undefined where there was none. */
    until: () => last()?.until,

    /** What was seen while changes were heard of was true until that ended. */
    trueAt({ seenAt }: KeptValue): number {
      const heard = last();
      return heard && seenAt >= heard.from ? Math.max(seenAt, heard.until) : seenAt;
    },
  };
}
