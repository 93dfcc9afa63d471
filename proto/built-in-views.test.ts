import { expect, it } from 'vitest';
import { builtInViews } from './built-in-views.ts';
import commands from './commands.json' with { type: 'json' };
import { parseQuery } from './search-language.ts';

const context = { now: new Date(), timeZone: 'UTC', me: 'a', agents: [{ id: 'a', name: 'Ada' }] };

it.each(builtInViews)('$name can be read, and has a command and a letter of its own', ({ id, query }) => {
  expect(parseQuery(query, context).problems).toEqual([]);
  const command = commands.find((each) => each.id === `view-${id}`);
  expect(command?.key).toMatch(/^g [a-z]$/);
  expect(commands.filter(({ key }) => key === command?.key)).toEqual([command]);
});
