import { expect, it, vi } from 'vitest';
import { OwnViews } from './own-views.tsx';
import type { View } from './views.ts';

const answered = (id: string) => ({
  ...{ id, name: id, shared: false, query: '', columns: [], key: null, version: 1 },
  order: { by: 'CREATED', direction: 'DESC' },
});

function viewsOf(ids: string[]) {
  const writes: (() => void)[] = [];
  const query = vi.fn(async () => ({ data: { views: ids.map(answered) } }));
  const mutate = vi.fn(
    (_asked: { variables: object }) =>
      new Promise<object>((resolve) => writes.push(() => resolve({ data: {} }))),
  );
  const own = new OwnViews({ query, mutate } as never);
  const order = () => own.saved.state()?.map(({ id }) => id);
  const view = (id: string) => own.saved.state()?.find((each) => each.id === id) as View;
  return { own, query, mutate, writes, order, view };
}

it('sends moves one after another, and reads the views after the last alone', async () => {
  const { own, query, mutate, writes, order, view } = viewsOf(['a', 'b', 'c']);
  await own.read();
  const moves = [own.move(view('c'), view('b')), own.move(view('c'), view('a'))];
  expect(order()).toEqual(['c', 'a', 'b']);
  await vi.waitFor(() => expect(writes).toHaveLength(1));
  expect(mutate).toHaveBeenCalledTimes(1);
  writes[0]?.();
  await vi.waitFor(() => expect(writes).toHaveLength(2));
  expect(query).toHaveBeenCalledTimes(1);
  writes[1]?.();
  await Promise.all(moves);
  expect(query).toHaveBeenCalledTimes(2);
  expect(mutate.mock.calls.map(([{ variables }]) => variables)).toEqual([
    { input: { id: 'c', beforeId: 'b' } },
    { input: { id: 'c', beforeId: 'a' } },
  ]);
});

it('is shown as it was read before the move where that was refused', async () => {
  const { own, mutate, order, view } = viewsOf(['a', 'b']);
  await own.read();
  mutate.mockRejectedValueOnce(new Error('refused'));
  await expect(own.move(view('b'), view('a'))).rejects.toThrow('refused');
  await vi.waitFor(() => expect(order()).toEqual(['a', 'b']));
});
