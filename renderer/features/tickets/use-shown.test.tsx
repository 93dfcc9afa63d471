import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { shownList } from '../../state/shown-list.ts';
import { openView, type View } from '../../state/views.ts';
import { useShown, useTellShown } from './use-shown.ts';

beforeEach(() => localStorage.clear());

const saved: View = { ...openView, kind: 'own', order: 'DUE_ASC' };

function show(view: View) {
  const { result, rerender } = renderHook((search: string) => useShown(view, 0, search), {
    initialProps: '',
  });
  return {
    search: rerender,
    order: () => result.current.order,
    choose: (order: Parameters<typeof result.current.setOrder>[0]) =>
      act(() => result.current.setOrder(order)),
  };
}

it.each([openView, saved])('has the best match first while words are searched for', (view) => {
  const { search, order } = show(view);
  const before = order();
  search('printer');
  expect(order()).toBe('RELEVANCE_DESC');
  search('');
  expect(order()).toBe(before);
});

it.each(['status:new', 'requester:ada', '-printer'])('keeps its order while %s is searched for', (text) => {
  const { search, order } = show(openView);
  search(text);
  expect(order()).toBe('CREATED_DESC');
});

it('has who has a number before who had it', () => {
  const { search, order } = show(openView);
  search('#4812');
  expect(order()).toBe('NUMBER_ASC');
  search('');
  expect(order()).toBe('CREATED_DESC');
});

it('keeps an order that is chosen while words are searched for until they are not any more', () => {
  const { search, order, choose } = show(openView);
  search('printer');
  choose('PRIORITY_DESC');
  search('printer blank');
  expect(order()).toBe('PRIORITY_DESC');
  search('');
  expect(order()).toBe('CREATED_DESC');
  search('scanner');
  expect(order()).toBe('RELEVANCE_DESC');
});

it.each(['printer', '"blank pages'])('is as it was saved, when the view asks for %s', (asked) => {
  const view = { ...saved, query: asked };
  const query = { view: asked, search: '', filters: {}, order: 'DUE_ASC' } as const;
  renderHook(() => useTellShown(view, { query, shown: useShown(view, 0, ''), reset: () => undefined }));
  expect(shownList.state()?.isChanged).toBe(false);
});

it.each([
  ['', 'All tickets in the view “Printers”'],
  ['blank pages', 'All tickets in the view “Printers” that match “blank pages”'],
])('tells by the name of the view which tickets are shown while “%s” is searched for', (search, words) => {
  const view: View = { ...saved, name: 'Printers', query: 'tag:printer is:open' };
  const query = { view: view.query, search, filters: {}, order: 'DUE_ASC' } as const;
  renderHook(() => useTellShown(view, { query, shown: useShown(view, 0, search), reset: () => undefined }));
  expect(shownList.state()?.words).toBe(words);
});
