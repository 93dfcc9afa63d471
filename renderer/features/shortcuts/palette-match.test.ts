import { expect, it } from 'vitest';
import { matchCommands } from './palette-match.ts';

const commands = ['New ticket', 'Search tickets', 'Theme: dark'].map((label) => ({ label }));
const found = (typed: string) => matchCommands(commands, typed).map(({ label }) => label);

it('finds commands by any of their words, those that begin with them first', () => {
  expect(found('')).toHaveLength(3);
  expect(found('t')).toEqual(['Theme: dark', 'New ticket', 'Search tickets']);
  expect(found('tick new')).toEqual(['New ticket']);
  expect(found('xyz')).toEqual([]);
});
