import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import type { TicketEvent } from '../client/types.ts';
import type { Publish } from '../testing/controllable-queue.ts';
import { aCreate, type OutboxDesk, openOutboxDesk, temporaryFolder } from '../testing/outbox-desk.ts';
import type { OutboxEntryView } from './entry.ts';
import { hexDigestOf } from './recent-creates.ts';

let folder: ReturnType<typeof temporaryFolder>;
let desk: OutboxDesk;

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

const unavailable = () => new DeskError('UNAVAILABLE', 'Connection lost');
const notInTime = () => new DeskError('DEADLINE_EXCEEDED', 'Not in time');

async function file(count: number): Promise<string[]> {
  const creates = Array.from({ length: count }, () => aCreate());
  await Promise.all(creates.map((create) => desk.outbox.file(create)));
  return creates.map(({ requestId }) => requestId);
}

async function take(count: number): Promise<Publish[]> {
  const taken: Publish[] = [];
  while (taken.length < count) taken.push(await desk.queue.next());
  return taken;
}

/** Lets time pass until the next one is published; the dispatcher's timer is set whenever the disk has answered. */
async function takeAsTimePasses(): Promise<Publish> {
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
async function timerIsSet(): Promise<void> {
  while (vi.getTimerCount() === 0) await new Promise(setImmediate);
}

const idsOf = (publishes: readonly Publish[]) => publishes.map(({ create }) => create.requestId);
const left = (requestId: string | undefined) =>
  desk.event(({ entry, removed }) => removed && entry.requestId === requestId);
const failure = (requestId: string | undefined, text: string) =>
  desk.event(({ entry }) => entry.requestId === requestId && entry.lastError === text);

describe('sending', () => {
  it('goes in the order of filing, 32 at a time', async () => {
    const filed = await file(40);
    const first = await take(32);
    expect(idsOf(first)).toEqual(filed.slice(0, 32));
    expect(desk.queue.pending).toBe(32);
    first[5]?.answer({ state: 'stored', id: 1 });
    expect(idsOf(await take(1))).toEqual([filed[32]]);
  });

  it('keeps the order over a restart', async () => {
    const filed = await file(20);
    await take(20);
    vi.useRealTimers();
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
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
    desk = await openOutboxDesk({ folder: folder.path });
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

describe('a create that was only accepted', () => {
  const first = () => desk.outbox.list(1)[0] as OutboxEntryView;
  const idOfFirst = () => first().requestId;
  const digestOfFirst = () => hexDigestOf(first());
  /** The service tells of the ticket that the first one has become. */
  function told(id: number, changes: object = {}): TicketEvent {
    const { title, description, name, requestId } = first();
    const ticket = { id, title, description, name, requestId, status: 'New', version: 1, ...changes };
    return { kind: 'CREATED', id, ticket: { ...ticket, createdAt: '', updatedAt: '' } };
  }

  async function accepted(): Promise<string> {
    const [requestId] = await file(1);
    const [publish] = await take(1);
    publish?.answer({ state: 'accepted' });
    await desk.event(({ entry }) => entry.state === 'SENT');
    return requestId as string;
  }

  it('stays, as SENT, until a change shows its ticket', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT', attempts: 1 }]);
    desk.tellTicket(told(5));
    await expect(left(requestId)).resolves.toMatchObject({ entry: { state: 'STORED', id: 5 } });
  });

  describe('of which the service knows the request id with another text', () => {
    const conflict = new DeskError('CONFLICT', 'Another text has it.', {
      field: 'requestId',
      details: { ticketId: 9, digest: 'of the other text' },
    });

    it.each([
      [
        'told of its ticket',
        () => {
          desk.results.set(idOfFirst(), { state: 'STORED', id: 9, digest: 'another' });
          desk.tellTicket(told(9, { description: 'another' }));
        },
      ],
      ['asked for it', () => desk.results.set(idOfFirst(), { state: 'STORED', id: 9, digest: 'another' })],
      [
        'asked one that is too old to tell',
        () => desk.results.set(idOfFirst(), { state: 'STORED', id: 9, digest: null }),
      ],
      [
        'told that the other was rejected',
        () => {
          const rejected = { state: 'REJECTED', reason: 'no good', field: undefined, revision: 0 } as const;
          desk.results.set(idOfFirst(), { ...rejected, digest: 'another' });
        },
      ],
    ])('does not leave when %s: the service gets it, and judges it', async (_when, tell) => {
      const requestId = await accepted();
      tell();
      await vi.advanceTimersByTimeAsync(1_100);
      expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT' }]);
      const again = await desk.straight.next();
      expect(again.create.requestId).toBe(requestId);
      again.answer({ state: 'stored', id: 10 });
      await expect(left(requestId)).resolves.toMatchObject({ entry: { state: 'STORED', id: 10 } });
    });

    it('is sent there once, and then as rarely as any other', async () => {
      await accepted();
      desk.results.set(idOfFirst(), { state: 'STORED', id: 9, digest: 'another' });
      await vi.advanceTimersByTimeAsync(1_100);
      (await desk.straight.next()).fail(new Error('a fault'));
      await vi.advanceTimersByTimeAsync(50_000);
      expect(desk.straight.pending).toBe(0);
      await vi.advanceTimersByTimeAsync(12_000);
      expect(desk.straight.pending).toBe(1);
    });

    it('is FAILED under an id of its own, with its text and the number of the ticket', async () => {
      const requestId = await accepted();
      const [{ title, description, name, createdAt } = aCreate()] = desk.outbox.list(1);
      desk.results.set(requestId, { state: 'STORED', id: 9, digest: 'another' });
      await vi.advanceTimersByTimeAsync(1_100);
      (await desk.straight.next()).fail(conflict);
      await left(requestId);
      expect(desk.outbox.list(9)).toMatchObject([
        {
          title,
          description,
          name,
          createdAt,
          state: 'FAILED',
          lastError: expect.stringContaining('#9'),
          conflict: { requestId, ticketId: 9 },
        },
      ]);
      expect(idOfFirst()).not.toBe(requestId);
      expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 1 });
    });
  });

  it('leaves when the service, asked for it, knows its id', async () => {
    const requestId = await accepted();
    desk.results.set(requestId, { state: 'STORED', id: 6, digest: digestOfFirst() });
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(left(requestId)).resolves.toMatchObject({ entry: { state: 'STORED', id: 6 } });
  });

  it('is sent again when it is not seen stored after 30 s, past the queue, and leaves with the id', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(desk.straight.pending).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    const again = await desk.straight.next();
    expect(again.create.requestId).toBe(requestId);
    again.answer({ state: 'stored', id: 7 });
    await expect(left(requestId)).resolves.toMatchObject({ entry: { state: 'STORED', id: 7 } });
    expect(desk.queue.pending).toBe(0);
  });

  it('stays SENT when that fails for now, and is sent again a second after the link is back', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(32_000);
    (await desk.straight.next()).fail(unavailable());
    await expect(failure(requestId, 'Connection lost')).resolves.toMatchObject({ entry: { state: 'SENT' } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await desk.straight.next()).create.requestId).toBe(requestId);
  });

  it('is sent again ever more rarely when the service fails over it', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(32_000);
    for (const waitMs of [60_000, 120_000]) {
      (await desk.straight.next()).fail(new Error('a fault'));
      await desk.event(({ entry }) => entry.requestId === requestId && entry.attempts > 1);
      await vi.advanceTimersByTimeAsync(waitMs - 2_000);
      expect(desk.straight.pending).toBe(0);
      await vi.advanceTimersByTimeAsync(4_000);
    }
    expect(desk.straight.pending).toBe(1);
  });

  it('is FAILED when the service refuses it then', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(32_000);
    (await desk.straight.next()).fail(
      new DeskError('BAD_USER_INPUT', 'title is no good', { field: 'title' }),
    );
    await expect(failure(requestId, 'title is no good')).resolves.toMatchObject({
      entry: { state: 'FAILED', lastErrorField: 'title' },
      failed: 1,
    });
  });

  it('is sent again at once, past the queue, when its author wants it so', async () => {
    const requestId = await accepted();
    await desk.outbox.retry(requestId);
    await vi.advanceTimersByTimeAsync(1_100);
    expect((await desk.straight.next()).create.requestId).toBe(requestId);
    expect(desk.queue.pending).toBe(0);
  });

  it('is not held up by a stop while it is sent again, and is there afterwards', async () => {
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(32_000);
    await desk.straight.next();
    vi.useRealTimers();
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
    expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT' }]);
  });

  it('is FAILED when the service has rejected it, and goes out in a new revision when it is mended', async () => {
    const requestId = await accepted();
    const rejection = { state: 'REJECTED', reason: 'title is no good', field: 'title' } as const;
    desk.results.set(requestId, { ...rejection, revision: 0, digest: digestOfFirst() });
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(failure(requestId, 'title is no good')).resolves.toMatchObject({
      entry: { state: 'FAILED', lastErrorField: 'title', nextAttemptAt: null },
      waiting: 0,
      failed: 1,
    });
    await desk.outbox.edit(requestId, { title: 'Mended', description: '', name: 'Ada' });
    const [mended] = await take(1);
    expect(mended?.create).toMatchObject({ requestId, title: 'Mended', revision: 1 });
    // The old rejection is still what the service knows: it is not of this text.
    mended?.answer({ state: 'accepted' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT' }]);
    const again = { reason: 'still no good', revision: 1, digest: digestOfFirst() };
    desk.results.set(requestId, { ...rejection, ...again });
    await vi.advanceTimersByTimeAsync(2_000);
    await failure(requestId, 'still no good');
    await desk.outbox.retry(requestId);
    expect((await take(1))[0]?.create).toMatchObject({ title: 'Mended', revision: 2 });
  });

  it('is asked for after a restart too', async () => {
    const requestId = await accepted();
    vi.useRealTimers();
    await desk.stop();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    desk = await openOutboxDesk({ folder: folder.path, link: 'CONNECTING' });
    expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT' }]);
    desk.results.set(requestId, { state: 'STORED', id: 8, digest: digestOfFirst() });
    desk.setLink('CONNECTED');
    await vi.advanceTimersByTimeAsync(10);
    await expect(left(requestId)).resolves.toMatchObject({ entry: { id: 8 } });
    expect(desk.queue.pending).toBe(0);
  });

  it('is not asked for or sent again while there is no link to see it by', async () => {
    desk.setLink('OFFLINE');
    await accepted();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(desk.queue.pending).toBe(0);
  });

  it('leaves as SENT from a service that does not confirm', async () => {
    desk.confirms = false;
    const requestId = await accepted();
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(left(requestId)).resolves.toMatchObject({ entry: { state: 'SENT', id: null } });
  });
});
