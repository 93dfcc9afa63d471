import { describe, expect, it } from 'vitest';
import type { ExportedTicket } from '../client/types.ts';
import { csv } from '../export/csv.ts';
import type { Format } from '../export/format.ts';
import { jsonLines } from '../export/json-lines.ts';
import { checkedMapping, proposeMapping } from './mapping.ts';
import { knownAgents, type RowReader, readRow } from './row-ticket.ts';

const ada = { id: 'ada', name: 'Ada "the" <b>' };
const requestId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';
const exported: ExportedTicket = {
  ticket: {
    id: 7,
    title: '=HYPERLINK("x"), \u{1f600}',
    description: 'one,\r\n"two"\n',
    name: ' Cy',
    status: 'On Hold',
    priority: 'Urgent',
    assigneeId: 'ada',
    assignee: ada,
    dueAt: '2026-11-24T14:02:11.123456Z',
    tags: ['a b', 'vpn'],
    createdAt: '2026-11-20T14:02:11.000001Z',
    updatedAt: '2026-11-21T14:02:11.000001Z',
    version: 3,
    requestId,
  },
  comments: [
    {
      id: 4,
      requestId,
      kind: 'ANSWER',
      body: 'So, "it" said\n',
      author: null,
      createdAt: '2026-11-20T15:02:11.000001Z',
      editedAt: null,
    },
  ],
  changes: [
    {
      id: 9,
      at: '2026-11-20T14:02:11.000001Z',
      by: ada,
      field: 'status',
      from: 'New',
      to: 'On Hold',
      version: 2,
    },
    {
      id: 10,
      at: '2026-11-20T14:02:11.000001Z',
      by: ada,
      field: 'assigneeId',
      from: null,
      to: 'Ada',
      version: 3,
      toId: 'ada',
    },
  ],
};

function readerOf(head: string, more: Partial<RowReader> = {}): RowReader {
  const columns = head === '' ? [] : head.trimEnd().split(',');
  const delimiter = head === '' ? null : ',';
  return {
    delimiter,
    columns,
    mapping: proposeMapping(columns),
    digest: 'aa',
    agents: knownAgents([]),
    ...more,
  };
}

function read(text: string | Buffer, reader: RowReader, line = 2) {
  const bytes = Buffer.from(text);
  return readRow({ line, bytes, problem: null, next: { byte: 0, line } }, reader);
}

const problemOf = (text: string | Buffer, reader: RowReader) => {
  const answer = read(text, reader);
  return 'problem' in answer ? [answer.problem.field, answer.problem.message] : answer;
};

describe('a row of an export', () => {
  const formats: [string, Format][] = [
    ['CSV', csv({ withThreads: true, forSpreadsheets: false })],
    ['JSON Lines', jsonLines({ withThreads: true })],
  ];
  it.each(formats)('of %s is the ticket that was exported, field for field', (_, format) => {
    const text = format.ofTicket(exported).replace(/\r?\n$/, '');
    expect(read(text, readerOf(format.head))).toEqual({ line: 2, ticket: exported });
  });

  it('without a request id gets the same one of the same file and line, and another of any other', () => {
    const { requestId: _, ...ticket } = exported.ticket;
    const text = JSON.stringify(ticket);
    const ids = [
      ['aa', 2],
      ['aa', 2],
      ['aa', 3],
      ['bb', 2],
    ].map(([digest, line]) => {
      const answer = read(text, readerOf('', { digest: String(digest) }), Number(line));
      return 'ticket' in answer ? answer.ticket.ticket.requestId : '';
    });
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('a row of another program', () => {
  const head = 'Subject,Requested by,State,Owner,Due date,Labels,Ticket ID,Ignored';
  const mappingOf = (otherwise: Record<string, string> = {}) => {
    const columns = head.split(',');
    const proposed = proposeMapping(columns).map((source) => ({
      ...source,
      ...(source.part === 'name' && { column: 1 }),
      otherwise: otherwise[source.part] ?? null,
    }));
    return checkedMapping(proposed, columns);
  };
  const worker = { id: 'ada', name: 'Ada' };
  const agents = knownAgents([worker]);
  const reader = readerOf(head, { mapping: mappingOf(), agents });

  it('is read by the mapping, its words in any case and its times without a zone', () => {
    const answer = read('Fan, Bo,in_progress,ADA ,2026-12-24 17:00,"Loud, office",12,x', reader);
    expect(answer).toMatchObject({
      ticket: {
        ticket: {
          id: 12,
          title: 'Fan',
          name: ' Bo',
          status: 'In Progress',
          priority: 'Normal',
          assigneeId: 'ada',
          assignee: worker,
          dueAt: '2026-12-24T17:00:00.000000Z',
          tags: ['loud', 'office'],
          description: '',
          createdAt: null,
          version: null,
        },
        comments: [],
        changes: [],
      },
    });
  });

  it('finds an agent by the name as it is written, and nobody where it is the name of two', () => {
    const people = [
      { id: '1', name: 'Zoe' },
      { id: '2', name: 'zoe' },
      { id: '3', name: 'Änne  Bo' },
      { id: '4', name: 'Cy' },
      { id: '5', name: 'Cy' },
    ];
    const assignee = (name: string, otherwise?: string) => {
      const mapping = mappingOf(otherwise === undefined ? {} : { assignee: otherwise });
      const answer = read(`Fan,Bo,,${name},,,,`, readerOf(head, { mapping, agents: knownAgents(people) }));
      return 'ticket' in answer ? answer.ticket.ticket.assigneeId : answer.problem.message;
    };
    expect(['Zoe', 'zoe', 'A\u0308NNE BO'].map((name) => assignee(name))).toEqual(['1', '2', '3']);
    expect(assignee('ZOE')).toBe('More than one who works here is called "ZOE".');
    expect(assignee('Cy')).toBe('More than one who works here is called "Cy".');
    expect([assignee('Cy', ''), assignee('Cy', '5'), assignee('', '5'), assignee('Eve', 'Zoe')]).toEqual([
      null,
      '5',
      '5',
      '1',
    ]);
  });

  it.each([
    ['Fan,Bo,Open,,,,,', 'status', /^Status must be one of/],
    ['Fan,Bo,,Eve,,,,', 'assignee', /^Nobody who works here is called "Eve"/],
    ['Fan,Bo,,,24.12.2026,,,', 'dueAt', /as 2026-11-24 14:02, or one of RFC 3339/],
    ['Fan,Bo,,,2026-02-30,,,', 'dueAt', /RFC 3339/],
    ['Fan,Bo,,,,,ABC-1,', 'id', /whole number/],
    [',Bo,,,,,,', 'title', /is empty/],
    ['Fan,,,,,,,', 'name', /^Requester is empty/],
    ['Fan,B\0o,,,,,,', 'name', /NUL/],
    [`${'x'.repeat(201)},Bo,,,,,,`, 'title', /at most 200 fit/],
    ['Fan,Bo', null, /has 2 cells; the first line names 8 columns\.$/],
    ['Fan', null, /has 1 cell;/],
    [','.repeat(1_000_000), null, /more than 8 cells/],
    [Buffer.from('Büro,Bo,,,,,,', 'latin1'), null, /no text in UTF-8/],
  ])('is refused with the field and the reason (%#)', (text, field, message) => {
    expect(problemOf(text, reader)).toEqual([field, expect.stringMatching(message)]);
  });

  it('takes what was chosen for words that nobody knows, and for what is empty', () => {
    const mapping = mappingOf({ status: 'On Hold', assignee: '', name: 'Somebody' });
    expect(read('Fan,,Open,Eve,,,,', { ...reader, mapping })).toMatchObject({
      ticket: { ticket: { status: 'On Hold', assigneeId: null, name: 'Somebody' } },
    });
  });
});

describe('a line of JSON', () => {
  const reader = readerOf('');
  const line = (more: object) => JSON.stringify({ title: 'a', name: 'b', ...more });
  it.each([
    ['{"title":', null, /no JSON object/],
    ['[]', null, /no JSON object/],
    ['null', null, /no JSON object/],
    ['['.repeat(200_000), null, /no JSON object/],
    [line({ subject: 'x' }), 'subject', /no export of tickets has/],
    ['{"title":"a","name":"b","__proto__":{}}', '__proto__', /no export of tickets has/],
    ['{"title":"\\ud800","name":"b"}', 'title', /half of a character/],
    [line({ title: 3 }), 'title', /must be a text/],
    [line({ tags: ['a', 3] }), 'tags', /list of texts/],
    [line({ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }), 'tags', /at most 20 fit/],
    [line({ id: 1.5 }), 'id', /whole number/],
    [line({ id: 2 ** 31 }), 'id', /whole number/],
    [line({ requestId: 'x' }), 'requestId', /must be a UUID/],
    [line({ assignee: { id: 'x' } }), 'assignee', /an id and a name/],
    [line({ comments: {} }), 'comments', /as an export has it/],
    [line({ comments: [{ ...exported.comments[0], body: '' }] }), 'comments', /is empty/],
    [line({ comments: [exported.comments[0], { kind: 'NOTE' }] }), 'comments', /Look at entry 2, /],
    [line({ history: [{ ...exported.changes[0], at: 'yesterday' }] }), 'history', /Look at entry 1, at\./],
  ])('is refused with the field and the reason (%#)', (text, field, message) => {
    expect(problemOf(text, reader)).toEqual([field, expect.stringMatching(message)]);
  });
});

describe('a mapping', () => {
  const columns = ['Summary', 'Reporter', 'Summary', 'Status', 'Created', 'x'];
  const given = (mapping: Parameters<typeof checkedMapping>[0]) => () => checkedMapping(mapping, columns);
  it('is proposed by the heads, each column once', () => {
    const taken = proposeMapping(columns).filter(({ column }) => column !== null);
    expect(taken.map(({ part, column }) => [part, column])).toEqual([
      ['title', 0],
      ['name', 1],
      ['status', 3],
      ['createdAt', 4],
    ]);
  });

  it('is refused where it names what is not there, anything twice, or not what every ticket needs', () => {
    const good = [
      { part: 'title', column: 0 },
      { part: 'name', otherwise: 'Somebody' },
    ];
    expect(given(good)).not.toThrow();
    expect(given([...good, { part: 'subject', column: 1 }])).toThrow(/part must be one of id, title/);
    expect(given([...good, { part: 'history', column: 1 }])).toThrow(/part must be one of/);
    expect(given([...good, { part: 'status', column: 6 }])).toThrow(/column must be from 0 to 5/);
    expect(given([...good, { part: 'status', column: -1 }])).toThrow(/column must be from 0 to 5/);
    expect(given([...good, { part: 'title', column: 1 }])).toThrow(/names title twice/);
    expect(given([{ part: 'title', column: 0 }])).toThrow(/needs a requester/);
  });
});
