import { expect, it } from 'vitest';
import type { Ticket } from '../../domain/ticket.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const ticket = {
  id: 7,
  createdAt: '2026-01-01T00:00:00.000001Z',
  updatedAt: '2026-01-02T00:00:00.999999Z',
} as Ticket;

it('takes a cursor back to the microsecond, by the column of its order', () => {
  const created = encodeCursor('CREATED_ASC', ticket);
  expect(decodeCursor('CREATED_ASC', created)).toMatchObject({ key: ticket.createdAt, id: 7 });
  const updated = encodeCursor('UPDATED_DESC', ticket);
  expect(decodeCursor('UPDATED_DESC', updated)).toMatchObject({ key: ticket.updatedAt, id: 7 });
});

it.each([
  ['of another order', encodeCursor('CREATED_ASC', ticket)],
  ['that is no JSON', 'x'],
  ['that is no list', encode({})],
  ['with too little in it', encode(['UPDATED_ASC'])],
  ['of a day that there is not', encode(['UPDATED_ASC', '2026-02-30T00:00:00.000000Z', 1])],
  ['of a year that there is not', encode(['UPDATED_ASC', '0000-01-01T00:00:00.000000Z', 1])],
  ['with a time that is more than a time', encode(['UPDATED_ASC', "2026-01-01T00:00:00.000000Z'; --", 1])],
  ['with half an id', encode(['UPDATED_ASC', '2026-01-01T00:00:00.000000Z', 1.5])],
  ['with an id beyond all ids', encode(['UPDATED_ASC', '2026-01-01T00:00:00.000000Z', 2 ** 31])],
])('refuses a cursor %s', (_, cursor) => {
  expect(() => decodeCursor('UPDATED_ASC', cursor)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'pageToken' }),
  );
});

it.each([
  ['REQUESTER_ASC', 'half\ud800'],
  ['REQUESTER_ASC', 'n'.repeat(51)],
  ['REQUESTER_ASC', 7],
  ['ASSIGNEE_DESC', 'a\0b'],
  ['STATUS_ASC', 5],
  ['NUMBER_ASC', 'x'],
] as const)('refuses a cursor of the order %s behind %j, which no ticket has', (order, key) => {
  expect(() => decodeCursor(order, encode([order, key, 1]))).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'pageToken' }),
  );
});

it('has the tier in a cursor of RELEVANCE, and refuses one without', () => {
  const cursor = encodeCursor('RELEVANCE_DESC', ticket, 'elsewhere');
  expect(decodeCursor('RELEVANCE_DESC', cursor)).toEqual({ key: ticket.createdAt, id: 7, tier: 'elsewhere' });
  for (const tier of [[], ['third'], [0]])
    expect(() =>
      decodeCursor('RELEVANCE_DESC', encode(['RELEVANCE_DESC', ticket.createdAt, 7, ...tier])),
    ).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'pageToken' }));
});

function encode(parts: unknown): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
