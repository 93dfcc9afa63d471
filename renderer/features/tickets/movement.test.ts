import { expect, it } from 'vitest';
import { movedIndex } from './movement.ts';

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
