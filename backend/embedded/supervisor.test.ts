import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../logger.ts';
import { type Running, supervise } from './supervisor.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** A process that ends when the test says so. */
function fakeProcess(): Running & { end(how: string): void; stops: number } {
  let end: (how: string) => void = () => {};
  const exited = new Promise<string>((resolve) => {
    end = resolve;
  });
  const fake = {
    pid: 1,
    exited,
    ask: async () => {},
    end: (how: string) => end(how),
    stops: 0,
    async stop() {
      fake.stops += 1;
      end('stopped');
      await exited;
    },
  };
  return fake;
}

describe('a supervisor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('starts again what has ended, after pauses that double up to the most', async () => {
    // The part of a pause that is random is whole then.
    vi.spyOn(Math, 'random').mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const startedAt: number[] = [];
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: () => {},
      async start() {
        startedAt.push(performance.now());
        throw new Error('no');
      },
    });
    await vi.advanceTimersByTimeAsync(30_000);
    const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(pauses.slice(0, 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    await supervised.stop();
  });

  it('pauses the least again after a healthy time', async () => {
    const processes: ReturnType<typeof fakeProcess>[] = [];
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: () => {},
      async start() {
        const process = fakeProcess();
        processes.push(process);
        return process;
      },
    });
    for (let deaths = 1; deaths <= 5; deaths += 1) {
      await vi.advanceTimersByTimeAsync(10_000);
      processes.at(-1)?.end('signal SIGKILL');
      await vi.advanceTimersByTimeAsync(100);
      expect(processes.length).toBe(deaths + 1);
    }
    await supervised.stop();
  });

  it('tells why it does not run, and when it does again', async () => {
    const told: unknown[] = [];
    let fails = true;
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: (problem) => told.push(problem instanceof Error ? problem.message : problem),
      async start() {
        if (fails) throw new Error('no disk');
        return fakeProcess();
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    fails = false;
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual(['no disk', undefined]);
    await supervised.stop();
  });

  it('stops what runs and starts nothing after that', async () => {
    const running = fakeProcess();
    let starts = 0;
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: () => {},
      async start() {
        starts += 1;
        return running;
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    await supervised.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([starts, running.stops > 0]).toEqual([1, true]);
  });

  it('stops what comes up while it is being stopped', async () => {
    const running = fakeProcess();
    let up: () => void = () => {};
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: () => {},
      start: () =>
        new Promise((resolve) => {
          up = () => resolve(running);
        }),
    });
    const stopped = supervised.stop();
    up();
    await stopped;
    expect(running.stops).toBeGreaterThan(0);
  });

  describe('of what runs and', () => {
    /** Runs one whose answers the test gives, for so long; answers how often it was stopped and started again. */
    async function restartsWithin(ms: number, ask: Running['ask']): Promise<number> {
      const processes: ReturnType<typeof fakeProcess>[] = [];
      const supervised = supervise({
        name: 'part',
        logger,
        onProblem: () => {},
        async start() {
          const process = { ...fakeProcess(), ask };
          processes.push(process);
          return process;
        },
      });
      await vi.advanceTimersByTimeAsync(ms);
      await supervised.stop();
      expect(vi.getTimerCount()).toBe(0);
      return processes.length - 1;
    }
    const refuse = () => Promise.reject(new Error('no socket'));
    const hang = () => new Promise<void>(() => {});

    it('answers, leaves it alone', async () => {
      expect(await restartsWithin(3_600_000, async () => {})).toBe(0);
    });

    it('is reached by nobody any more, starts it again within seconds', async () => {
      expect(await restartsWithin(7_000, refuse)).toBe(1);
    });

    it('hangs, starts it again, but not for what takes a while', async () => {
      expect(await restartsWithin(20_000, hang)).toBe(0);
      expect(await restartsWithin(40_000, hang)).toBe(1);
    });

    it('fails to answer now and then, leaves it alone', async () => {
      let asked = 0;
      const moody = () => [refuse, async () => {}, hang, async () => {}][asked++ % 4]?.() ?? hang();
      expect(await restartsWithin(600_000, moody)).toBe(0);
      expect(asked).toBeGreaterThan(50);
    });
  });

  it('does not wait out a pause when it is stopped', async () => {
    const supervised = supervise({
      name: 'part',
      logger,
      onProblem: () => {},
      start: () => Promise.reject(new Error('no')),
    });
    await vi.advanceTimersByTimeAsync(10);
    await supervised.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
