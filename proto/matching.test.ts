import { expect, it } from 'vitest';
import { matchesQuery, type SearchedTicket } from './matching.ts';
import { parseQuery } from './search-language.ts';
import { ticketValues } from './ticket-fields.ts';

const context = {
  now: new Date('2026-11-28T12:00:00.000Z'),
  timeZone: 'UTC',
  me: 'a-1',
  agents: [{ id: 'a-2', name: 'Bo' }],
};

const ticket: SearchedTicket = {
  ...ticketValues({
    title: 'Printer prints blank pages',
    description: 'On the third floor. Ökologie 打印机',
    name: 'Ada Lovelace',
    status: 'On Hold',
    priority: 'High',
    assigneeId: 'a-1',
    tags: ['floor 3', 'vpn'],
  }),
  id: 4812,
  createdAt: '2026-11-20T08:00:00.000000Z',
  updatedAt: '2026-11-28T11:30:00.000000Z',
};

function isFound(text: string, found: SearchedTicket = ticket): boolean {
  const query = parseQuery(text, context);
  expect(query.problems).toEqual([]);
  return matchesQuery(query, found);
}

it.each([
  ...[
    '',
    'page print',
    'BLANK ada',
    'okol',
    'vpn floor',
    '4812',
    '#4812',
    '"blank pages"',
    '"blank pa',
    'blank-pag',
  ],
  ...[
    '-scanner',
    '-"pages blank"',
    '打印',
    '"打印"',
    'requester:love',
    'requester:"ada lovelace"',
    '-requester:printer',
  ],
  ...['status:on-hold,new', 'status:open', '-status:new', 'priority:high', 'tag:x,vpn', '-tag:x', 'is:open'],
  ...[
    'assignee:me,bo',
    '-assignee:none',
    'due:none',
    '-due:<7d',
    'created:>7d',
    '-created:<7d',
    'updated:today',
  ],
  ...['created:2026-11-20', 'created:2026-11-20..', 'created:<2026-11-21'],
])('%s finds it', (text) => expect(isFound(text)).toBe(true));

it.each([
  ...[
    'rinter',
    'hold',
    '481',
    'printer scanner',
    '"blank page"',
    '"pages blank"',
    '-print',
    '#481',
    'requester:printer',
    'tag:floor',
  ],
  ...[
    'status:new',
    '-status:open',
    'priority:low,normal',
    '-tag:vpn',
    'assignee:none',
    'assignee:bo',
    'is:closed',
  ],
  ...['is:overdue', 'due:>7d', 'due:<7d', 'created:<7d', 'created:2026-11-21', '-updated:today', '-due:none'],
])('%s does not find it', (text) => expect(isFound(text)).toBe(false));

it('a ticket is overdue from its due time on until it is completed', () => {
  const dueAt = '2026-11-28T11:59:59.999999Z';
  expect(isFound('is:overdue', { ...ticket, dueAt })).toBe(true);
  expect(isFound('is:overdue', { ...ticket, dueAt: '2026-11-28T12:00:00.000000Z' })).toBe(false);
  expect(isFound('is:overdue', { ...ticket, dueAt, status: 'Completed' })).toBe(false);
});

it('what has no number and no times yet is found by none', () => {
  const create = { ...ticket, id: null, createdAt: null, updatedAt: null };
  expect(isFound('blank', create)).toBe(true);
  expect(['#4812', '4812', 'created:<9000d', 'updated:today'].some((text) => isFound(text, create))).toBe(
    false,
  );
});
