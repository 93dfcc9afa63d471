import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../proto/search-language.ts';
import { rereadMs, usePassingTime } from './use-passing-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const context = () => ({ now: new Date(), timeZone: 'UTC', me: null, agents: [] });
const reader = { context, look: () => {}, read: (search: string) => parseQuery(search, context()) };

it('has the list read again as long as what it finds depends on the time', () => {
  const reread = vi.fn();
  const { rerender, unmount } = renderHook((search: string) => usePassingTime({ search, reader, reread }), {
    initialProps: 'printer is:overdue',
  });
  vi.advanceTimersByTime(2 * rereadMs);
  expect(reread).toHaveBeenCalledTimes(2);
  rerender('printer is:open');
  vi.advanceTimersByTime(2 * rereadMs);
  expect(reread).toHaveBeenCalledTimes(2);
  rerender('created:<7d');
  unmount();
  vi.advanceTimersByTime(2 * rereadMs);
  expect(reread).toHaveBeenCalledTimes(2);
});
