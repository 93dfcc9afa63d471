import { describe, expect, it } from 'vitest';
import {
  builtIn,
  joinedQuery,
  keysTo,
  openView,
  savedView,
  statusesOf,
  type View,
  viewIn,
  viewText,
} from './views.ts';

const saved: View = savedView({
  ...{ id: 'a', name: 'Printers', shared: true, query: 'printer', columns: [], key: 'q', version: 3 },
  order: { by: 'DUE', direction: 'ASC' },
});

describe('the view that is kept for the next start', () => {
  it.each([...builtIn, saved, { ...saved, kind: 'own', columns: ['id'] } as const])(
    'is $name again',
    (view) => {
      expect(viewIn(viewText(view))).toEqual(view);
    },
  );

  it.each([null, '', 'gone', 'null', '{}', '[]', '{"id":1,"name":"x","query":"y"}'])(
    'is Open where %s is kept, which is none',
    (text) => expect(viewIn(text)).toBe(openView),
  );

  it('has the order and columns of the person where its own are none', () => {
    const odd = JSON.stringify({ ...saved, order: 'BY_LUCK', columns: 'all' });
    expect(viewIn(odd)).toEqual({ ...saved, order: null, columns: null });
  });
});

it('asks for statuses alone where nothing else is named, at no time and of nobody', () => {
  expect(statusesOf('is:open')).toEqual(['New', 'In Progress', 'On Hold']);
  expect(statusesOf('status:new,completed')).toEqual(['New', 'Completed']);
  for (const query of ['', 'new', '-status:new', 'priority:high', 'is:open is:closed', 'is:open assignee:me'])
    expect(statusesOf(query), query).toBeUndefined();
});

it('joins queries by a blank, and closes what one has left in open quotes', () => {
  expect(joinedQuery('', 'a', '', 'b')).toBe('a b');
  expect(joinedQuery('tag:"floor 3', 'printer')).toBe('tag:"floor 3" printer');
  expect(joinedQuery('5" screen', 'b')).toBe('5" screen b');
});

it('leads by a letter to the first view that has it, and by one of a command to none', () => {
  const keys = ['q', 'q', 'x', 'o', null].map((key) => ({ ...saved, key }));
  const views = [...builtIn, ...keys];
  expect(keys.map((view) => keysTo(view, views))).toEqual(['g q', null, null, null, null]);
});
