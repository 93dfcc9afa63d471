import { describe, expect, it, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import {
  desk,
  failure,
  file,
  idsOf,
  left,
  notInTime,
  reopen,
  take,
  takeAsTimePasses,
  timerIsSet,
  unavailable,
} from '../testing/sending-outbox.ts';

describe('sending', () => {
  it('goes in the order of filing, 64 at a time', async () => {
    const filed = await file(70);
    const first = await take(64);
    expect(idsOf(first)).toEqual(filed.slice(0, 64));
    expect(desk.queue.pending).toBe(64);
    first[5]?.answer({ state: 'stored', id: 1 });
    expect(idsOf(await take(1))).toEqual([filed[64]]);
  });

  it('keeps the order over a restart', async () => {
    const filed = await file(20);
    await take(20);
    vi.useRealTimers();
    await desk.stop();
    await reopen();
    expect(idsOf(await take(20))).toEqual(filed);
  });

  it('lets an entry go only when its id is known', async () => {
    const [requestId] = await file(1);
    const [publish] = await take(1);
    expect(desk.outbox.counts().waiting).toBe(1);
    publish?.answer({ state: 'stored', id: 4812 });
    await expect(left(requestId)).resolves.toMatchObject({
      entry: { state: 'STORED', id: 4812, nextAttemptAt: null },
      waiting: 0,
    });
  });
});

describe('a create that fails for now', () => {
  it('is sent again with a growing wait of its own, 200 ms to 30 s, and holds up nobody', async () => {
    const [slow, other] = await file(2);
    const [first, second] = await take(2);
    first?.fail(notInTime());
    const told = await failure(slow, 'Not in time');
    expect(told.entry).toMatchObject({ state: 'QUEUED', attempts: 1 });
    second?.answer({ state: 'stored', id: 1 });
    await left(other);
    const waitsMs: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await timerIsSet();
      const beforeMs = performance.now();
      await vi.advanceTimersToNextTimerAsync();
      const [again] = await take(1);
      expect(again?.create.requestId).toBe(slow);
      waitsMs.push(performance.now() - beforeMs);
      again?.fail(notInTime());
      await desk.event(({ entry }) => entry.attempts === attempt + 2 && entry.nextAttemptAt !== null);
    }
    expect(waitsMs[0]).toBeLessThanOrEqual(201);
    expect(Math.max(...waitsMs)).toBeLessThanOrEqual(30_001);
    expect(waitsMs.at(-1)).toBeGreaterThanOrEqual(15_000);
  });
});

describe('a create that can never succeed', () => {
  it('is FAILED with reason and field, is not sent again, and holds up nobody', async () => {
    const [bad, good] = await file(2);
    const [first, second] = await take(2);
    first?.fail(new DeskError('BAD_USER_INPUT', 'title is no good', { field: 'title' }));
    const told = await failure(bad, 'title is no good');
    expect(told).toMatchObject({
      entry: { state: 'FAILED', lastErrorField: 'title' },
      failed: 1,
      waiting: 1,
    });
    second?.answer({ state: 'stored', id: 2 });
    await left(good);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a closed way', () => {
  it('is tried with one create at a time, and lets all out once one goes through', async () => {
    const filed = await file(5);
    for (const publish of await take(5)) publish.fail(unavailable());
    await Promise.all(filed.map((requestId) => failure(requestId, 'Connection lost')));
    const probe = await takeAsTimePasses();
    expect(desk.queue.pending).toBe(1);
    probe.answer({ state: 'stored', id: 1 });
    const rest = await take(4);
    expect(idsOf(rest)).toEqual(filed.filter((id) => id !== probe.create.requestId));
  });

  it('opens at once when the link returns, without a new create', async () => {
    const filed = await file(3);
    for (const publish of await take(3)) publish.fail(unavailable());
    await Promise.all(filed.map((requestId) => failure(requestId, 'Connection lost')));
    expect(desk.queue.pending).toBe(0);
    desk.setLink('CONNECTED');
    expect(idsOf(await take(3))).toEqual(filed);
  });

  it('is tried at once by one create when the desk is told that something may be better, whatever it waits for', async () => {
    const filed = await file(3);
    for (const publish of await take(3)) publish.fail(unavailable());
    await Promise.all(filed.map((requestId) => failure(requestId, 'Connection lost')));
    desk.dispatcher.retryNow();
    const [probe] = await take(1);
    expect(desk.queue.pending).toBe(1);
    probe?.answer({ state: 'stored', id: 1 });
    expect(await take(2)).toHaveLength(2);
  });

  it('is tried for ever', async () => {
    await file(1);
    for (let attempt = 0; attempt < 15; attempt += 1) {
      const publish = await takeAsTimePasses();
      publish.fail(new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } }));
    }
    expect(desk.outbox.list(1)).toMatchObject([{ attempts: 0, state: 'QUEUED' }]);
  });

  it('is told of with its reason, also of one that had failed so before a restart, and so is its opening', async () => {
    const noLink = new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } });
    const [requestId] = await file(1);
    expect(desk.outbox.standing()).toEqual({ waiting: 1, failed: 0, blockedBy: null });
    (await take(1))[0]?.fail(noLink);
    await expect(failure(requestId, 'No link')).resolves.toMatchObject({ blockedBy: 'No link' });

    vi.useRealTimers();
    await desk.stop();
    await reopen();
    (await take(1))[0]?.fail(noLink);
    await desk.event(({ blockedBy }) => blockedBy === 'No link');
    desk.setLink('CONNECTED');
    (await take(1))[0]?.answer({ state: 'stored', id: 1 });
    await expect(left(requestId)).resolves.toMatchObject({ blockedBy: null });
  });

  it('does not count as tries what never left', async () => {
    const [requestId] = await file(1);
    const [publish] = await take(1);
    publish?.fail(new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } }));
    await expect(failure(requestId, 'No link')).resolves.toMatchObject({ entry: { attempts: 0 } });
  });
});
