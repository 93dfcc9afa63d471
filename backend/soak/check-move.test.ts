import { expect, it } from 'vitest';
import { checkMove } from './check-move.ts';
import type { FinalReads } from './history.ts';

/** A ticket with a comment, under the ids of one desk. */
function desk({ id, title = 'one', comment }: { id: number; title?: string; comment: number }): FinalReads {
  return {
    tickets: [
      {
        id,
        requestId: 'r1',
        version: 2,
        isDeleted: false,
        isAdopted: false,
        values: { id: String(id), title },
      },
    ],
    changes: [
      { ticketId: id, version: 1, field: 'CREATED', from: null, to: null },
      { ticketId: id, version: 2, field: 'COMMENTED', from: null, to: String(comment) },
    ],
    comments: [{ id: comment, ticketId: id, requestId: 'c1', body: 'said', isDeleted: false }],
    requests: [],
    counts: [],
    backWithAuthor: [],
  };
}

const here = desk({ id: 1, comment: 2 });
const there = desk({ id: 7, comment: 8 });
const imported = { ticketId: 7, version: 2, field: 'IMPORTED', from: '1', to: null };

it.each<[string, FinalReads, string[]]>([
  ['all of it under other ids', { ...there, changes: [...there.changes, imported] }, []],
  ['nothing of it', { ...there, tickets: [] }, ['lost']],
  ['a ticket twice', { ...there, tickets: [...there.tickets, ...there.tickets] }, ['doubled']],
  ['another title', desk({ id: 7, title: 'other', comment: 8 }), ['mistold']],
  ['no comment', { ...there, comments: [] }, ['mistold', 'mistold']],
  ['a comment twice', { ...there, comments: [...there.comments, ...there.comments] }, ['mistold']],
  ['a change less', { ...there, changes: there.changes.slice(1) }, ['mistold']],
])('%s', (_what, moved, expected) => {
  expect(checkMove(here, moved).map(({ rule }) => rule)).toEqual(expected);
});
