import { expect, test } from 'vitest';
import { dotBitmap } from './overlay.ts';

test('the dot is round, and clear in its corners', () => {
  const size = 8;
  const bitmap = dotBitmap(size);
  expect(bitmap).toHaveLength(size * size * 4);
  const drawn = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (bitmap[(y * size + x) * 4 + 3] ? '#' : '.')).join(''),
  );
  expect(drawn).toEqual([
    '..####..',
    '.######.',
    '########',
    '########',
    '########',
    '########',
    '.######.',
    '..####..',
  ]);
});
