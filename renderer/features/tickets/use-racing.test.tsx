import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useRacing } from './use-racing.ts';

/** What it says at each step: the first row in view, and whether the list is being scrolled. */
function racing(steps: readonly [first: number, isScrolling: boolean][]): boolean[] {
  const { result, rerender } = renderHook(
    ([first, isScrolling]: [number, boolean]) => useRacing(first, isScrolling),
    {
      initialProps: [0, false] as [number, boolean],
    },
  );
  return steps.map(([first, isScrolling]) => {
    rerender([first, isScrolling]);
    return result.current;
  });
}

it('is so from the second leap on, also of drawings that move nothing, until the list rests', () => {
  const steps = [
    [25, true],
    [50, true],
    [50, true],
    [53, true],
    [53, false],
    [53, true],
  ] as const;
  expect(racing(steps.map(([first, isScrolling]) => [first, isScrolling]))).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
});

it('is not so of a step of a page, nor of a list that is read as it goes', () => {
  expect(
    racing([
      [20, true],
      [20, false],
      [40, true],
      [40, false],
    ]),
  ).toEqual([false, false, false, false]);
  expect(
    racing([
      [3, true],
      [8, true],
      [16, true],
      [10, true],
    ]),
  ).toEqual([false, false, false, false]);
});
