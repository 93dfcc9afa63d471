/** For tests of how the outbox sends: before each a fresh one, whose time passes when the test says so. */
import { afterEach, beforeEach, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import type { Publish } from './controllable-queue.ts';
import { aCreate, type OutboxDesk, openOutboxDesk, temporaryFolder } from './outbox-desk.ts';

let folder: ReturnType<typeof temporaryFolder>;
/** The one of the test that runs. */
export let desk: OutboxDesk;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  folder = temporaryFolder();
  desk = await openOutboxDesk({ folder: folder.path });
});
afterEach(async () => {
  for (const entry of desk.outbox.list(1000)) await desk.outbox.discard(entry.requestId);
  vi.useRealTimers();
  await desk.stop();
  folder.remove();
});

export const unavailable = () => new DeskError('UNAVAILABLE', 'Connection lost');
export const notInTime = () => new DeskError('DEADLINE_EXCEEDED', 'Not in time');

export async function file(count: number): Promise<string[]> {
  const creates = Array.from({ length: count }, () => aCreate());
  await Promise.all(creates.map((create) => desk.outbox.file(create)));
  return creates.map(({ requestId }) => requestId);
}

export async function take(count: number): Promise<Publish[]> {
  const taken: Publish[] = [];
  while (taken.length < count) taken.push(await desk.queue.next());
  return taken;
}

/** Lets time pass until the next one is published; the dispatcher's timer is set whenever the disk has answered. */
export async function takeAsTimePasses(): Promise<Publish> {
  let taken: Publish | undefined;
  void desk.queue.next().then((publish) => {
    taken = publish;
  });
  while (!taken) {
    await vi.advanceTimersByTimeAsync(1_000);
    await new Promise(setImmediate);
  }
  return taken;
}

/** The dispatcher sets its timer a few turns after it told of a failure. */
export async function timerIsSet(): Promise<void> {
  while (vi.getTimerCount() === 0) await new Promise(setImmediate);
}

export const idsOf = (publishes: readonly Publish[]) => publishes.map(({ create }) => create.requestId);
export const left = (requestId: string | undefined) =>
  desk.event(({ entry, removed }) => removed && entry.requestId === requestId);
export const failure = (requestId: string | undefined, text: string) =>
  desk.event(({ entry }) => entry.requestId === requestId && entry.lastError === text);

/** Opens the outbox again on the same folder, as after a restart; the one before is to be stopped. */
export async function reopen(options: { link?: 'CONNECTING' } = {}): Promise<void> {
  desk = await openOutboxDesk({ folder: folder.path, ...options });
}
