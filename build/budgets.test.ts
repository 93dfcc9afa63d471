import { expect, test } from 'vitest';
import { judge } from './budgets.ts';

test('what is within its budget is kept, its goal named while that is not reached', () => {
  const at = (figure: number) => judge({ 'memory of all processes': figure })[0];
  expect(at(2.3)).toEqual({
    isKept: true,
    line: 'ok    memory of all processes: 2.30 times an empty window, budget 2.3, goal 1.5',
  });
  expect(at(1.4)?.line).toBe('ok    memory of all processes: 1.40 times an empty window, budget 2.3');
});

test('what outgrows its budget fails, and is told by how much', () => {
  expect(judge({ 'packed: Postgres': 93.5 })).toEqual([
    { isKept: false, line: 'OVER  packed: Postgres: 93.50 MB, budget 85: over by 10.0 %' },
  ]);
});

test('what was not measured is not judged; the rest comes in the order of the table', () => {
  const [first, second, ...others] = judge({ 'packed: licences': 1, 'page, gzipped': 0.1 });
  expect([first?.line, second?.line]).toEqual([
    expect.stringContaining('page, gzipped'),
    expect.stringContaining('packed: licences'),
  ]);
  expect(others).toEqual([]);
});
