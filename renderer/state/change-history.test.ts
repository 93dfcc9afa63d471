import { expect, it } from 'vitest';
import { type Change, ChangeHistory } from './change-history.ts';

function kept() {
  let text: string | null = null;
  const write = (next: string) => {
    text = next;
  };
  return { place: { read: () => text, write }, spoil: () => write('{ torn') };
}

const hourMs = 60 * 60 * 1000;
const change = (id: string, atMs = 0): Change => ({
  ...{ way: 'ticket', id, undoId: `undo of ${id}`, what: `status of ${id}`, atMs },
});

it('has the latest of the last hour, and of each side its own', () => {
  let now = 0;
  const history = new ChangeHistory(kept().place, () => now);
  history.made(change('a'));
  history.made(change('b', 10));
  expect(history.latest('done')?.id).toBe('b');
  expect(history.latest('undone')).toBeUndefined();
  now = hourMs + 9;
  expect(history.latest('done')?.id).toBe('b');
  now = hourMs + 10;
  expect(history.latest('done')).toBeUndefined();
});

it('gives each once, and takes it back in its place', () => {
  const history = new ChangeHistory(kept().place, () => 0);
  const [a, b] = [change('a', 1), change('b', 2)];
  history.made(a);
  history.made(b);
  expect([history.take('done', a), history.take('done', a)]).toEqual([true, false]);
  history.put('done', a);
  expect(history.latest('done')?.id).toBe('b');
});

it('does nothing again over a new change', () => {
  const history = new ChangeHistory(kept().place, () => 0);
  history.put('undone', change('a'));
  history.made(change('b'));
  expect(history.latest('undone')).toBeUndefined();
});

it('outlives a reload, and what can not be read is nothing', () => {
  const { place, spoil } = kept();
  new ChangeHistory(place, () => 0).made(change('a'));
  expect(new ChangeHistory(place, () => 0).latest('done')).toEqual(change('a'));
  spoil();
  expect(new ChangeHistory(place, () => 0).latest('done')).toBeUndefined();
});

it('keeps a hundred, and forgets all when the tickets are those of another service', () => {
  const history = new ChangeHistory(kept().place, () => 0);
  for (let index = 0; index < 150; index += 1) history.made(change(String(index)));
  let count = 0;
  for (let last = history.latest('done'); last; last = history.latest('done')) {
    history.take('done', last);
    count += 1;
  }
  expect(count).toBe(100);
  history.made(change('a'));
  history.forget();
  expect(history.latest('done')).toBeUndefined();
});
