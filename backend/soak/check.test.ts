/** The checker is worth what it finds: histories with each kind of fault, and good ones beside them that it must let pass. */
import { expect, it } from 'vitest';
import { check, type Rule } from './check.ts';
import type { CountFilter, FinalChange, FinalReads, FinalTicket, Operation } from './history.ts';

const create: Operation = {
  by: 'proxy',
  kind: 'create',
  requestId: 'c1',
  texts: ['one'],
  askedMs: 0,
  answeredMs: 1,
  answer: { state: 'QUEUED' },
};

function write(asked: Partial<Operation>): Operation {
  const answer = { state: 'STORED' } as const;
  return { by: 'proxy', kind: 'update', ticket: 'c1', askedMs: 10, answeredMs: 11, answer, ...asked };
}

/** A ticket as its changes leave it; each is a field and what is said of it, from version 2 on. */
function holding(
  changes: [field: string, to: string | null, from?: string][],
  over: Partial<FinalReads> = {},
) {
  const all = [['CREATED', null] as const, ...changes].map(
    ([field, to, from = null], at): FinalChange => ({ ticketId: 1, version: at + 1, field, from, to }),
  );
  const values = { title: 'one', ...Object.fromEntries(changes.map(([field, to]) => [field, to])) };
  const isDeleted = all.at(-1)?.field === 'DELETED';
  const about = { id: 1, requestId: 'c1', version: all.length, isDeleted, isAdopted: false };
  const ticket: FinalTicket = { ...about, values };
  return {
    tickets: [ticket],
    changes: all,
    comments: [],
    requests: [],
    counts: [],
    backWithAuthor: [],
    ...over,
  };
}

const made = (requestId: string, version: number) => ({ requestId, ticketId: 1, version });
const comment = { id: 7, ticketId: 1, requestId: 'r1', body: 'said', isDeleted: false };

const [{ tickets: oneTicket }] = [holding([])];
const bulk = write({ kind: 'bulk', texts: ['bulk-1'], answer: { state: 'STORED', count: 1 } });
const rows = ['row 1', 'row 2'];
const imported = write({ kind: 'import', texts: rows, answer: { state: 'STORED', count: 2 } });
const ofImport = (titles: readonly string[]): FinalReads => {
  const tickets = titles.map((title, at) => ({
    ...(oneTicket[0] as FinalTicket),
    id: at + 2,
    requestId: `i${at}`,
    values: { title },
  }));
  const changes = tickets.map(({ id }) => ({
    ticketId: id,
    version: 1,
    field: 'IMPORTED',
    from: null,
    to: null,
  }));
  return holding([], { tickets: [...oneTicket, ...tickets], changes: [...holding([]).changes, ...changes] });
};
const read = (answer: Operation['answer'] & object, askedMs = 20): Operation =>
  write({ kind: 'read', ticket: 1, askedMs, answeredMs: askedMs + 1, answer });
const gone = write({ kind: 'delete' });
const changed = write({ texts: ['mine'], requestId: 'r1', answer: { state: 'STORED', version: 2 } });
const early = write({ texts: ['first'], requestId: 'r1', answer: { state: 'QUEUED' } });
const late = write({
  texts: ['second'],
  requestId: 'r2',
  askedMs: 12,
  answeredMs: 13,
  answer: { state: 'QUEUED' },
});
const counted = (
  count: number,
  { exact = true, askedMs = 20, ...filter }: CountFilter & { exact?: boolean; askedMs?: number } = {},
): Operation => {
  const counts = [{ filter, count, exact }];
  return write({
    kind: 'count',
    ticket: undefined,
    askedMs,
    answeredMs: askedMs + 1,
    answer: { state: 'STORED', counts },
  });
};
const mine = { description: 'mine' };
const toMine: FinalReads = holding([['description', 'mine', 'filed']]);
const onVersion1 = write({ texts: ['mine'], requestId: 'r1', expectedVersion: 1 });

/** What was asked after the create, what the desk holds then, and what is to be said of it; nothing: all is well. */
const histories: [what: string, Operation[], FinalReads, ...Rule[]][] = [
  ['a create that is stored', [], holding([])],
  ['a create that is not', [], holding([], { tickets: [], changes: [] }), 'lost'],
  [
    'a create stored under two numbers',
    [],
    holding([], { tickets: [...oneTicket, { ...(oneTicket[0] as FinalTicket), id: 2, version: 0 }] }),
    'doubled',
    'doubled',
    'doubled',
  ],
  ['a change that is stored', [changed], holding([['description', 'mine']], { requests: [made('r1', 2)] })],
  ['a change that is not', [changed], holding([]), 'lost'],
  [
    'a change made twice',
    [changed],
    holding([
      ['description', 'mine'],
      ['description', 'mine'],
    ]),
    'doubled',
  ],
  [
    'one that was never answered, made twice',
    [{ ...changed, answer: undefined } as never],
    holding([
      ['description', 'mine'],
      ['description', 'mine'],
    ]),
    'doubled',
  ],
  ['one that was never answered, not made', [{ ...changed, answer: undefined } as never], holding([])],
  [
    'a queued change of a deleted ticket, back with its author',
    [gone, early],
    holding([['DELETED', null]], { backWithAuthor: ['r1'] }),
  ],
  ['one of a ticket that nobody deleted', [early], holding([], { backWithAuthor: ['r1'] }), 'lost'],
  ['one that nobody has any more', [gone, early], holding([['DELETED', null]]), 'lost'],
  [
    'a status that is not stored',
    [write({ kind: 'status', texts: ['On Hold'], requestId: 'r1' })],
    holding([]),
    'lost',
  ],
  [
    'a status that it had already',
    [write({ kind: 'status', texts: ['New'], requestId: 'r1' })],
    holding([], { tickets: oneTicket.map((one) => ({ ...one, version: 2 })), requests: [made('r1', 2)] }),
  ],
  [
    'a comment that is stored',
    [write({ kind: 'comment', texts: ['said'], requestId: 'r1' })],
    holding([['COMMENTED', '7']], { comments: [comment] }),
  ],
  [
    'a comment that is not',
    [write({ kind: 'comment', texts: ['said'], requestId: 'r1' })],
    holding([]),
    'lost',
  ],
  [
    'a comment stored twice',
    [write({ kind: 'comment', texts: ['said'], requestId: 'r1' })],
    holding(
      [
        ['COMMENTED', '7'],
        ['COMMENTED', '8'],
      ],
      { comments: [comment, { ...comment, id: 8, requestId: 'r2' }] },
    ),
    'doubled',
  ],
  [
    'an edit that is not stored',
    [write({ kind: 'edit comment', texts: ['better'] })],
    holding([['COMMENTED', '7']], { comments: [comment] }),
    'lost',
  ],
  [
    'a deleted comment that stays',
    [write({ kind: 'delete comment', texts: ['r1'] })],
    holding([['COMMENTED', '7']], { comments: [comment] }),
    'lost',
  ],
  [
    'two queued changes in their order',
    [early, late],
    holding(
      [
        ['description', 'first'],
        ['description', 'second'],
      ],
      { requests: [made('r1', 2), made('r2', 3)] },
    ),
  ],
  [
    'two in the other order',
    [early, late],
    holding(
      [
        ['description', 'second'],
        ['description', 'first'],
      ],
      { requests: [made('r1', 3), made('r2', 2)] },
    ),
    'disordered',
  ],
  ['a delete that is not stored', [gone], holding([]), 'lost'],
  ['a delete that nobody asked', [], holding([['DELETED', null]]), 'doubled'],
  [
    'a version without history',
    [],
    holding([], { tickets: oneTicket.map((one) => ({ ...one, version: 2 })) }),
    'gap',
  ],
  [
    'the version by which an older service’s ticket became a create’s own',
    [],
    holding([], { tickets: oneTicket.map((one) => ({ ...one, version: 2, isAdopted: true })) }),
  ],
  [
    'that, and one more without history',
    [],
    holding([], { tickets: oneTicket.map((one) => ({ ...one, version: 3, isAdopted: true })) }),
    'gap',
  ],
  ['a history beyond the ticket', [], holding([['status', 'On Hold']], { tickets: oneTicket }), 'gap'],
  [
    'a value that the history tells otherwise',
    [],
    holding([['status', 'New']], {
      tickets: oneTicket.map((one) => ({ ...one, version: 2, values: { title: 'one', status: 'On Hold' } })),
    }),
    'gap',
  ],
  [
    'a read of the version that was answered',
    [changed, read({ state: 'STORED', version: 2 })],
    holding([['description', 'mine']]),
  ],
  [
    'a read behind it',
    [changed, read({ state: 'STORED', version: 1 })],
    holding([['description', 'mine']]),
    'stale',
  ],
  [
    'a read that was asked before that answer',
    [changed, read({ state: 'STORED', version: 1 }, 10.5)],
    holding([['description', 'mine']]),
  ],
  [
    'a list behind it',
    [changed, read({ state: 'STORED', seen: [{ id: 1, version: 1 }] })],
    holding([['description', 'mine']]),
    'stale',
  ],
  ['a count of what a change was answered to have made', [changed, counted(1, mine)], toMine],
  ['a count without it', [changed, counted(0, mine)], toMine, 'miscounted'],
  ['a count of what it was before', [changed, counted(1, { description: 'filed' })], toMine, 'miscounted'],
  [
    'that, asked for before it was answered',
    [changed, counted(1, { description: 'filed', askedMs: 10.5 })],
    toMine,
  ],
  [
    'that, answered before it was asked for',
    [changed, counted(1, { ...mine, askedMs: 5 })],
    toMine,
    'miscounted',
  ],
  [
    'a count without a ticket that was seen',
    [read({ state: 'STORED', version: 1 }), counted(0, { askedMs: 30 })],
    holding([]),
    'miscounted',
  ],
  ['a count with a ticket that was not filed yet', [counted(1, { askedMs: -2 })], holding([]), 'miscounted'],
  ['a count without a ticket that may be stored later', [counted(0)], holding([])],
  ['a count with a deleted one', [gone, counted(1)], holding([['DELETED', null]]), 'miscounted'],
  [
    'a count with one whose delete was not answered',
    [{ ...gone, answer: undefined } as never, counted(1)],
    holding([['DELETED', null]]),
  ],
  [
    'a count without one that was deleted',
    [read({ state: 'STORED', version: 1 }, 5), gone, counted(0, { askedMs: 30 })],
    holding([['DELETED', null]]),
  ],
  ['a count of another status', [counted(1, { status: 'On Hold' })], holding([['status', 'On Hold', 'New']])],
  [
    'a count of a status that it never had',
    [counted(1, { status: 'Completed' })],
    holding([['status', 'On Hold', 'New']]),
    'miscounted',
  ],
  ['a count of more than there can be', [counted(1_000, { exact: false })], holding([]), 'miscounted'],
  [
    'the counts at the end',
    [],
    holding([], { counts: [{ by: 'proxy', filter: {}, count: 1, exact: true }] }),
  ],
  [
    'one that is another',
    [],
    holding([], { counts: [{ by: 'proxy', filter: {}, count: 0, exact: true }] }),
    'miscounted',
  ],
  ['a read that misses a ticket', [read({ state: 'STORED' })], holding([]), 'stale'],
  ['a read that misses a deleted one', [gone, read({ state: 'STORED' })], holding([['DELETED', null]])],
  [
    'a read that still has it',
    [gone, read({ state: 'STORED', version: 2 })],
    holding([['DELETED', null]]),
    'stale',
  ],
  [
    'a read that misses a restored one',
    [gone, write({ kind: 'restore', askedMs: 12, answeredMs: 13 }), read({ state: 'STORED' })],
    holding([
      ['DELETED', null],
      ['RESTORED', null],
    ]),
    'stale',
  ],
  [
    'a change over that of somebody else',
    [write({ texts: ['theirs'] }), onVersion1],
    holding(
      [
        ['description', 'theirs'],
        ['description', 'mine'],
      ],
      { requests: [made('r1', 3)] },
    ),
    'overwritten',
  ],
  [
    'a change beside that of another field',
    [onVersion1],
    holding(
      [
        ['status', 'On Hold'],
        ['description', 'mine'],
      ],
      { requests: [made('r1', 3)] },
    ),
  ],
  [
    'a change over one that waited with it',
    [write({ texts: ['first'], requestId: 'r0', answer: { state: 'QUEUED' } }), onVersion1],
    holding(
      [
        ['description', 'first'],
        ['description', 'mine'],
      ],
      { requests: [made('r0', 2), made('r1', 3)] },
    ),
  ],
  [
    'a clash that was shown',
    [write({ texts: ['theirs'] }), { ...onVersion1, answer: { state: 'CLASH' } }],
    holding([['description', 'theirs']]),
  ],
  ['a clash with nobody', [{ ...onVersion1, answer: { state: 'CLASH' } }], holding([]), 'wrong'],
  ['a job that did what it told', [bulk], holding([['tags', 'bulk-1']])],
  ['a job that told more', [bulk], holding([]), 'mistold'],
  [
    'a job that wrote twice',
    [bulk],
    holding([
      ['tags', 'bulk-1'],
      ['tags', null, 'bulk-1'],
      ['tags', 'bulk-1'],
    ]),
    'doubled',
  ],
  ['an undo that took nothing back', [{ ...bulk, kind: 'undo' }], holding([['tags', 'bulk-1']]), 'mistold'],
  ['an import that is whole', [imported], ofImport(rows)],
  ['an import that lacks a row', [imported], ofImport(['row 1']), 'lost'],
  ['an import with a row twice', [imported], ofImport([...rows, 'row 2']), 'doubled', 'doubled'],
  [
    'an import that told fewer',
    [{ ...imported, answer: { state: 'STORED', count: 1 } }],
    ofImport(rows),
    'mistold',
  ],
  ['a refusal of a ticket that is there', [write({ answer: { state: 'REFUSED' } })], holding([]), 'wrong'],
  ['an answer of no kind', [write({ answer: { state: 'WRONG', told: 'INTERNAL' } })], holding([]), 'wrong'],
];

it.each(histories)('%s', (_what, operations, final, ...expected) => {
  const complaints = check([create, ...operations], final);
  expect(complaints.map(({ rule }) => rule).sort()).toEqual([...expected].sort());
});

it('lets a change clash with an earlier one of its author only where the proxy was killed in between', () => {
  const operations = [create, early, { ...late, expectedVersion: 1 }];
  const final = holding([['description', 'first']], { requests: [made('r1', 2)], backWithAuthor: ['r2'] });
  const complaints = (...killedMs: number[]) => check(operations, final, killedMs).map(({ rule }) => rule);
  expect([complaints(12.5), complaints(9, 14)]).toEqual([[], ['lost']]);
});
