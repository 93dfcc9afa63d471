import { describe, expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import type { TicketOrder } from '../../domain/ticket.ts';
import { localPage, readFilter } from './local-page.ts';
import type { KnownTicket } from './types.ts';

const moment = (minute: number) => `2026-11-24T14:0${minute}:00.000000Z`;

function ticket(id: number, changes: Partial<KnownTicket> = {}): KnownTicket {
  const times = { createdAt: moment(id), updatedAt: moment(id) };
  return {
    ...ticketValues({ title: `${id}` }),
    id,
    ...times,
    version: 1,
    requestId: null,
    assignee: null,
    ...changes,
  };
}

const tickets = [
  ticket(2, { priority: 'Low', updatedAt: moment(9), status: 'Completed', name: 'ADA 2' }),
  ticket(1, { priority: 'Urgent', name: 'Ádà 1', assignee: { id: 'b', name: 'Bo' } }),
  ticket(4, { createdAt: moment(3), name: '\u{20000}' }),
  ticket(3, { name: '\ue000', assignee: { id: 'c', name: 'ádà' } }),
];

it.each<[TicketOrder, number[]]>([
  ['CREATED_DESC', [4, 3, 2, 1]],
  ['CREATED_ASC', [1, 2, 3, 4]],
  ['UPDATED_DESC', [2, 4, 3, 1]],
  ['PRIORITY_DESC', [1, 4, 3, 2]],
  ['NUMBER_ASC', [1, 2, 3, 4]],
  ['STATUS_ASC', [1, 3, 4, 2]],
  // By code points, though UTF-16 has the one of 4 before that of 3.
  ['REQUESTER_ASC', [1, 2, 3, 4]],
  ['REQUESTER_DESC', [4, 3, 2, 1]],
  ['ASSIGNEE_ASC', [3, 1, 2, 4]],
  ['ASSIGNEE_DESC', [1, 3, 4, 2]],
])('is in the order %s, page by page, each ticket once', (order, ids) => {
  const seen: number[] = [];
  let after: string | undefined;
  for (let more = true; more; ) {
    const page = localPage(tickets, { order, after, pageSize: 3 });
    seen.push(...page.tickets.map(({ id }) => id));
    after = page.cursors.at(-1);
    more = page.hasNextPage;
  }
  expect(seen).toEqual(ids);

  const last = localPage(tickets, { order, after: undefined, pageSize: 3, backwards: true });
  expect(last).toMatchObject({ tickets: ids.slice(1).map((id) => ({ id })), hasNextPage: true });
  const before = localPage(tickets, { order, after: last.cursors[0], pageSize: 3, backwards: true });
  expect(before).toMatchObject({ tickets: [{ id: ids[0] }], hasNextPage: false });
});

it('has the best match of a search first, page by page', () => {
  const said = [
    ticket(5, { title: 'Printer' }),
    ticket(6, { description: 'The printer' }),
    ticket(7, { tags: ['printer'] }),
    ticket(8, { description: 'A printer' }),
  ];
  const { terms } = readFilter({ query: 'print' });
  const request = { order: 'RELEVANCE_DESC', terms, pageSize: 3 } as const;
  const first = localPage(said, { ...request, after: undefined });
  const second = localPage(said, { ...request, after: first.cursors.at(-1) });
  expect([...first.tickets, ...second.tickets].map(({ id }) => id)).toEqual([7, 5, 8, 6]);
});

it('goes on where it was, though the ticket there has gone', () => {
  const page = { order: 'CREATED_DESC', pageSize: 2 } as const;
  const after = localPage(tickets, { ...page, after: undefined }).cursors[1];
  const left = tickets.filter(({ id }) => id !== 3);
  expect(localPage(left, { ...page, after }).tickets.map(({ id }) => id)).toEqual([2, 1]);
});

describe('a filter', () => {
  const asking = { me: 'b', agents: [{ id: 'c', name: 'ádà' }] };
  const found = (filter: Parameters<typeof readFilter>[0]) =>
    tickets.filter(readFilter(filter, asking).fits).map(({ id }) => id);

  it('lets through what fits all of it', () => {
    expect(found({ ids: [1, 3] })).toEqual([1, 3]);
    expect(found({ ids: [1, 3], priorities: ['Urgent'] })).toEqual([1]);
    expect(found({ text: '4', statuses: ['New'] })).toEqual([4]);
    expect(found({ statuses: ['On Hold'] })).toEqual([]);
  });

  it('reads a query as the ticket service does', () => {
    expect(found({ query: 'ada -status:completed' })).toEqual([1]);
    expect(found({ query: 'is:closed', text: 'ada 2' })).toEqual([2]);
    // A day of the zone: there it is the evening before.
    expect(found({ query: 'created:2026-11-23', timeZone: 'Pacific/Honolulu' })).toEqual([]);
    expect(found({ query: 'created:2026-11-25', timeZone: 'Pacific/Kiritimati' })).toEqual([2, 1, 4, 3]);
  });

  it('finds by the rest of a query what can not be read of it, and tells that', () => {
    const filter = { query: 'ada priority:hot' };
    expect(found(filter)).toEqual([2, 1]);
    expect(readFilter(filter, asking).problems).toMatchObject([{ from: 13, to: 16 }]);
    expect(readFilter({}, asking).problems).toEqual([]);
  });
});
