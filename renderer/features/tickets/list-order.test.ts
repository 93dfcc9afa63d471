import { expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { comparing } from '../../../proto/ticket-order.ts';
import { ticketRow } from './known-rows.ts';
import { ranking } from './list-filter.ts';
import { offeredOrders, orders, rowFor } from './list-order.ts';

const times = {
  ...ticketValues({}),
  assignee: null,
  id: 1,
  requestId: null,
  version: 1,
  createdAt: 'c',
  updatedAt: 'u',
};
const row = (id: number, sortKey: string) => ticketRow({ id, key: `ticket-${id}`, version: 1, sortKey });

it('orders by creation or by change', () => {
  expect(rowFor('CREATED_ASC', times)?.sortKey).toBe('c');
  expect(rowFor('UPDATED_DESC', times)?.sortKey).toBe('u');
  expect(rowFor('CREATED_ASC', { ...times, id: null })).toBeNull();
});

it('has what a search hits in the head before what it hits elsewhere', () => {
  const terms = ranking('print floor');
  const key = (says: object) => rowFor('RELEVANCE_DESC', { ...times, ...says }, terms)?.sortKey;
  expect(key({ title: 'Printer', tags: ['floor 3'] })).toBe('1c');
  expect(key({ title: 'Printer', description: 'On floor 3' })).toBe('0c');
  expect(rowFor('RELEVANCE_DESC', times)?.sortKey).toBe('1c');
});

it('offers the best match where there is one', () => {
  expect(offeredOrders('CREATED_DESC', false)).toEqual(orders);
  expect(offeredOrders('CREATED_DESC', true)).toEqual([
    { id: 'RELEVANCE_DESC', label: 'Best match' },
    ...orders,
  ]);
  expect(offeredOrders('RELEVANCE_ASC', false)[0]?.label).toBe('Best match last');
});

it('breaks a tie of times by id, as the service does', () => {
  const rows = [row(5, 'b'), row(7, 'a'), row(2, 'a')];
  expect(rows.toSorted(comparing('CREATED_ASC')).map(({ id }) => id)).toEqual([2, 7, 5]);
  expect(rows.toSorted(comparing('UPDATED_DESC')).map(({ id }) => id)).toEqual([5, 7, 2]);
});

it('gives a ticket the key of the create that it was', () => {
  expect(rowFor('CREATED_ASC', { ...times, requestId: 'r' })?.key).toBe('r');
  expect(rowFor('CREATED_ASC', times)?.key).toBe('ticket-1');
});

it('names each order, and the likelier of two first', () => {
  expect(orders.map(({ label }) => label)).toEqual([
    ...['Newest first', 'Oldest first', 'Last changed first', 'Longest unchanged first'],
    ...['Highest number first', 'Lowest number first', 'Requester: A first', 'Requester: Z first'],
    ...['Status: New first', 'Status: Completed first', 'Priority: Urgent first', 'Priority: Low first'],
    ...['Assignee: A first', 'Assignee: Z first', 'Due time: soonest first', 'Due time: latest first'],
  ]);
});
