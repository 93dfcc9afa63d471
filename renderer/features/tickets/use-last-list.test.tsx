import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Face, FaceProvider } from '../../state/boot.tsx';
import type { ListQuery } from './list-filter.ts';
import { type ShownList, useLastList } from './use-last-list.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A view, of which rows have just come. */
function shownList(query: ListQuery): ShownList {
  const state = { items: [], asOf: 1, error: null, loading: null } as unknown as ShownList['state'];
  return { query, state, link: { state: 'CONNECTED' }, isPlain: true };
}

it('keeps a picture of a view once a minute, and of another one at once', () => {
  const root = document.createElement('div');
  root.id = 'root';
  root.innerHTML = '<main class="frame"><div class="pane" data-ticket-list></div></main>';
  document.body.append(root);
  const keepList = vi.fn();
  const face = { kind: 'desktop', bridge: { keepList } } as unknown as Face;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <FaceProvider value={face}>{children}</FaceProvider>
  );
  const open: ListQuery = { view: 'is:open', search: '', filters: {}, order: 'CREATED_DESC' };
  const onHold: ListQuery = { ...open, view: 'status:hold' };
  const { rerender } = renderHook(useLastList, { wrapper, initialProps: shownList(open) });
  const kept = (afterMs: number) => {
    vi.advanceTimersByTime(afterMs);
    return keepList.mock.calls.length;
  };
  expect(kept(2_000)).toBe(1);
  rerender(shownList(open));
  expect(kept(50_000)).toBe(1);
  rerender(shownList(onHold));
  expect(kept(2_000)).toBe(2);
  rerender(shownList(onHold));
  expect(kept(59_000)).toBe(2);
  expect(kept(1_000)).toBe(3);
  root.remove();
});
