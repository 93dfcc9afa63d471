import { expect, it } from 'vitest';
import { builtIn, statusesOf } from '../../state/views.ts';
import { countsByView } from './use-counts.ts';

const byStatus = builtIn.filter(({ query }) => statusesOf(query) !== undefined);

it('adds up the statuses of each view, and takes a status that was not named as none', () => {
  const counts = countsByView(byStatus, [
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
