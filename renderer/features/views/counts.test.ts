import { expect, it } from 'vitest';
import { countsByView } from './use-counts.ts';

it('adds up the statuses of each view, and takes a status that was not named as none', () => {
  const counts = countsByView([
    { status: 'New', count: 12 },
    { status: 'In Progress', count: 23 },
    { status: 'Completed', count: 980 },
  ]);
  const shown = [...counts].map(([view, { count }]) => [view, count]);
  expect(Object.fromEntries(shown)).toEqual({
    open: 35,
    new: 12,
    'in-progress': 23,
    'on-hold': 0,
    completed: 980,
  });
});
