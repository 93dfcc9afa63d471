import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { coalesce } from './coalesce.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathered() {
  const flush = vi.fn();
  const burst = coalesce<{ id: number; version: number }>({
    delayMs: 100,
    keyOf: ({ id }) => String(id),
    flush,
  });
  return { burst, flush };
}

it('makes one flush of a burst, with the latest of each', () => {
  const { burst, flush } = gathered();
  for (let version = 1; version <= 500; version += 1) burst.add({ id: version % 2, version });
  expect(flush).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(flush.mock.calls).toEqual([
    [
      [
        { id: 1, version: 499 },
        { id: 0, version: 500 },
      ],
    ],
  ]);
});

it('is not put off by changes that keep coming', () => {
  const { burst, flush } = gathered();
  for (let at = 0; at < 10; at += 1) {
    burst.add({ id: at, version: 1 });
    vi.advanceTimersByTime(50);
  }
  expect(flush.mock.calls.length).toBeGreaterThanOrEqual(3);
});

it('flushes nothing after it was stopped', () => {
  const { burst, flush } = gathered();
  burst.add({ id: 1, version: 1 });
  burst.stop();
  vi.advanceTimersByTime(1_000);
  expect(flush).not.toHaveBeenCalled();
});
