import { describe, expect, it, vi } from 'vitest';
import { Budget, Lanes } from './weight.ts';

/** What of these is settled once all that can go on has gone on. */
async function settled(...asked: Promise<unknown>[]): Promise<boolean[]> {
  const done = asked.map(() => false);
  asked.forEach((one, at) => {
    const tell = () => {
      done[at] = true;
    };
    one.then(tell, tell);
  });
  await new Promise(setImmediate);
  return done;
}

describe('a budget', () => {
  it('lets in what fits, and the others in their order as shares are given back', async () => {
    const budget = new Budget(10);
    const first = await budget.take(6);
    const second = budget.take(5);
    const third = budget.take(1);
    expect(await settled(second, third)).toEqual([false, false]);
    first.release();
    first.release();
    expect(await settled(second, third)).toEqual([true, true]);
    expect(await settled(budget.take(5))).toEqual([false]);
  });

  it('never keeps what weighs nothing waiting', async () => {
    const budget = new Budget(10);
    await budget.take(10);
    expect(await settled(budget.take(1), budget.take(0))).toEqual([false, true]);
  });

  it('lets what is more than all of it in alone', async () => {
    const budget = new Budget(10);
    const all = await budget.take(50);
    const next = budget.take(1);
    expect(await settled(next)).toEqual([false]);
    all.release();
    expect(await settled(next)).toEqual([true]);
  });

  it('forgets who gives up, and goes on to those behind', async () => {
    const budget = new Budget(10);
    await budget.take(5);
    const leaving = new AbortController();
    const gone = budget.take(10, leaving.signal);
    const behind = budget.take(5);
    leaving.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(await settled(behind)).toEqual([true]);
  });

  it('refuses who has waited for 10 s', async () => {
    vi.useFakeTimers();
    try {
      const budget = new Budget(10);
      await budget.take(10);
      const waiting = budget.take(1);
      vi.advanceTimersByTime(10_000);
      await expect(waiting).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    } finally {
      vi.useRealTimers();
    }
  });
});

it('has who asks for little not wait for who asks for much', async () => {
  const lanes = new Lanes(100);
  await lanes.take(100);
  expect(await settled(lanes.take(100), lanes.take(10))).toEqual([false, true]);
});
