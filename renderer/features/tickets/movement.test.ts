import { expect, it } from 'vitest';
import { ticketRow } from './known-rows.ts';
import { draftItem, gapItems } from './list-items.ts';
import { idsBetween, movedIndex } from './movement.ts';

it('moves by row, by page and to the ends, and stays inside the list', () => {
  expect(movedIndex('ArrowDown', -1, 3)).toBe(0);
  expect(movedIndex('ArrowDown', 2, 3)).toBe(2);
  expect(movedIndex('ArrowUp', 0, 3)).toBe(0);
  expect(movedIndex('PageDown', 0, 100)).toBe(15);
  expect(movedIndex('PageUp', 3, 100)).toBe(0);
  expect(movedIndex('End', 0, 100)).toBe(99);
  expect(movedIndex('Home', 50, 100)).toBe(0);
});

it('goes nowhere by other keys, nor in an empty list', () => {
  expect(movedIndex('x', 1, 3)).toBe(-1);
  expect(movedIndex('ArrowDown', -1, 0)).toBe(-1);
});

it('knows the tickets from one row to another, either way, but not over what was not read', () => {
  const ticket = (id: number) => ticketRow({ id, key: `${id}`, version: 1, sortKey: `${id}` });
  const items = [
    draftItem('r'),
    ticket(9),
    { ...ticket(8), leaving: true },
    ticket(7),
    ...gapItems,
    ticket(1),
  ];
  expect(idsBetween(items, 0, 3)).toEqual([9, 7]);
  expect(idsBetween(items, 3, 1)).toEqual([7, 9]);
  expect(idsBetween(items, 3, 3)).toEqual([7]);
  expect(idsBetween(items, 1, items.length - 1)).toBeNull();
});
