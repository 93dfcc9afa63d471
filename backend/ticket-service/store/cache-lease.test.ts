/** How long a lease counts as held: Postgres's answers come when the test lets them. */
import os from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCacheLease, type HostedLease } from './cache-lease.ts';
import type { Database } from './database.ts';

let lease: HostedLease;
let answers: (() => void)[];
let sent: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(os, 'uptime').mockImplementation(() => performance.now() / 1_000);
  answers = [];
  sent = [];
  const query = (text: string) =>
    new Promise<never[]>((resolve) => {
      sent.push(text);
      answers.push(() => resolve([{ got: true }] as never[]));
    });
  lease = createCacheLease({
    database: {} as Database,
    listening: () => ({ query, close: async () => {} }),
  });
});
afterEach(() => {
  lease.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Lets Postgres answer everything that it was asked. */
async function answer(): Promise<void> {
  for (const give of answers.splice(0)) give();
  await vi.advanceTimersByTimeAsync(0);
}

async function take(): Promise<boolean> {
  const taking = lease.take('shared');
  await answer();
  return taking;
}

it('is held as long as Postgres confirms it', async () => {
  expect(await take()).toBe(true);
  for (let n = 0; n < 10; n += 1) {
    await vi.advanceTimersByTimeAsync(700);
    await answer();
    expect(lease.isHeld()).toBe(true);
  }
  expect(sent.filter((text) => text.includes('unlock'))).toEqual([]);
});

it('is over 2 s after the last question that Postgres answered, and an answer that is late does not bring it back', async () => {
  await take();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(lease.isHeld()).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(lease.isHeld()).toBe(false);
  await vi.advanceTimersByTimeAsync(5_000);
  await answer();
  expect(lease.isHeld()).toBe(false);
  expect(sent.filter((text) => text.includes('unlock'))).toHaveLength(1);
});

it('is over after a sleep of the computer, in which its timers rest', async () => {
  await take();
  const bootedFor = os.uptime();
  vi.mocked(os.uptime).mockReturnValue(bootedFor + 3_600);
  expect(lease.isHeld()).toBe(false);
});

it('counts from when it was asked for, not from when that was answered', async () => {
  const taking = lease.take('shared');
  await vi.advanceTimersByTimeAsync(1_500);
  await answer();
  expect(await taking).toBe(true);
  expect(lease.isHeld()).toBe(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(lease.isHeld()).toBe(false);
});

it('is not held when it was given back while it was being taken', async () => {
  const taking = lease.take('shared');
  void lease.giveBack();
  await answer();
  expect(await taking).toBe(false);
  expect(lease.isHeld()).toBe(false);
});

it('is over at once when it is given back', async () => {
  await take();
  void lease.giveBack();
  expect(lease.isHeld()).toBe(false);
});

it('asks Postgres for nothing when there is nothing to give back', async () => {
  await lease.giveBack();
  expect(sent).toEqual([]);
  await take();
  const first = lease.giveBack();
  const second = lease.giveBack();
  await answer();
  await Promise.all([first, second]);
  expect(sent.filter((text) => text.includes('unlock'))).toHaveLength(1);
});
