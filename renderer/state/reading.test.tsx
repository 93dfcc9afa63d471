import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { longestRestMs, useReading } from './reading.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

function Shown({ read, rests }: { read(): Promise<number>; rests: number }) {
  return <p role="status">{useReading(read, rests) ?? 0}</p>;
}

/** Shows the how manyth reading it is. @param takesMs each in turn, the last one for all after it */
function openReading({ takesMs, rests }: { takesMs: number[]; rests: number }) {
  let readings = 0;
  const read = async () => {
    const count = ++readings;
    await new Promise((resolve) => setTimeout(resolve, takesMs[count - 1] ?? takesMs.at(-1)));
    return count;
  };
  const { events } = draw(<Shown read={read} rests={rests} />);
  const change = (id: number) =>
    events.next({ kind: 'ticket', change: { kind: 'DELETED', id, ticket: null } } as never);
  return {
    change,
    shown: () => Number(screen.getAllByRole('status')[0]?.textContent),
    readings: () => readings,
  };
}

it('is shown however fast changes come and however slow it is', async () => {
  const reading = openReading({ takesMs: [0, 0, 1_000], rests: 0 });
  await pass(2_000);
  const before = reading.shown();
  for (let id = 1; id <= 50; id += 1) {
    reading.change(id);
    await pass(100);
  }
  expect(reading.shown()).toBeGreaterThan(before + 2);
  await pass(3_000);
  expect(reading.shown()).toBe(reading.readings());
});

it('is read again within a minute after one that hung', async () => {
  const reading = openReading({ takesMs: [30_000, 30_000, 10], rests: 20 });
  await pass(31_000);
  const before = reading.readings();
  reading.change(1);
  await pass(longestRestMs + 1_000);
  expect(reading.readings()).toBe(before + 1);
  expect(reading.shown()).toBe(before + 1);
});
