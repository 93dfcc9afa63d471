import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hexDigestOf } from '../../create-digest.ts';
import { DeskError } from '../../errors.ts';
import { aCreate, type OutboxDesk, openOutboxDesk, temporaryFolder } from '../testing/outbox-desk.ts';
import type { OutboxStore } from './store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let desk: OutboxDesk;
/** Writes wait for it, or fail with it. */
let disk: Promise<void>;

const throughDisk = (store: OutboxStore): OutboxStore => ({
  ...store,
  put: (record, options) => disk.then(() => store.put(record, options)),
  delete: (requestId, options) => disk.then(() => store.delete(requestId, options)),
});

beforeEach(async () => {
  folder = temporaryFolder();
  disk = Promise.resolve();
  desk = await openOutboxDesk({ folder: folder.path, wrap: throughDisk });
});
afterEach(async () => {
  for (const entry of desk.outbox.list(1000)) await desk.outbox.discard(entry.requestId);
  await desk.stop();
  folder.remove();
});

/** Fails the send of `create` so that it can never succeed. */
async function refuseNext(): Promise<void> {
  const publish = await desk.queue.next();
  publish.fail(new DeskError('BAD_USER_INPUT', 'title is no good', { field: 'title' }));
  await desk.event(({ entry }) => entry.requestId === publish.create.requestId && entry.state === 'FAILED');
}

describe('filing', () => {
  it('answers and sends only after the create is on the disk', async () => {
    let writtenNow = () => {};
    disk = new Promise((resolve) => {
      writtenNow = resolve;
    });
    let answered = false;
    const filed = desk.outbox.file(aCreate()).then(() => {
      answered = true;
    });
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    expect(desk.outbox.counts().waiting).toBe(0);
    expect(desk.queue.pending).toBe(0);
    writtenNow();
    await filed;
    expect(desk.outbox.counts()).toEqual({ waiting: 1, failed: 0 });
  });

  it('refuses and keeps nothing when the disk refuses, and takes the same create later', async () => {
    disk = Promise.reject(new DeskError('UNAVAILABLE', 'The disk is full.'));
    const create = aCreate();
    await expect(desk.outbox.file(create)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(desk.outbox.list(10)).toEqual([]);
    expect(desk.events).toEqual([]);
    disk = Promise.resolve();
    await expect(desk.outbox.file(create)).resolves.toMatchObject({ state: 'QUEUED' });
  });

  it('takes one requestId once, however often it comes while it is written, sent and stored', async () => {
    const create = aCreate();
    const answers = await Promise.all([1, 2, 3].map(() => desk.outbox.file(create)));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['QUEUED']));
    const publish = await desk.queue.next();
    await expect(desk.outbox.file(create)).resolves.toMatchObject({ state: 'QUEUED', id: null });
    publish.answer({ state: 'stored', id: 7 });
    await desk.event(({ removed }) => removed);
    await expect(desk.outbox.file(create)).resolves.toMatchObject({ state: 'STORED', id: 7 });
    expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 0 });
    expect(desk.queue.pending).toBe(0);
  });

  it('refuses another text under a requestId in use, at each of those moments', async () => {
    const create = aCreate();
    const other = { ...create, description: 'another' };
    const conflict = { code: 'CONFLICT', field: 'requestId' };
    const first = desk.outbox.file(create);
    await expect(desk.outbox.file(other)).rejects.toMatchObject(conflict);
    await first;
    await expect(desk.outbox.file(other)).rejects.toMatchObject(conflict);
    (await desk.queue.next()).answer({ state: 'stored', id: 7 });
    await desk.event(({ removed }) => removed);
    await expect(desk.outbox.file(other)).rejects.toMatchObject(conflict);
  });
});

describe('a requestId that the service has with another text', () => {
  const of = (digest: string | null) =>
    new DeskError('CONFLICT', 'Another text has it.', {
      field: 'requestId',
      details: { ticketId: 7, digest },
    });
  /** Files one that the service refuses so; answers it, and what it is in the outbox since. */
  async function refused(digest: string | null) {
    const create = aCreate();
    await desk.outbox.file(create);
    (await desk.queue.next()).fail(of(digest));
    await desk.event(({ entry, removed }) => removed && entry.requestId === create.requestId);
    const [own] = desk.outbox.list(1);
    if (!own) throw new Error('it is gone');
    return { create, own };
  }

  it('is left to that text: what was filed goes on as FAILED under one of its own, also over a restart', async () => {
    const { create, own } = await refused(null);
    expect(own).toMatchObject({
      title: create.title,
      description: create.description,
      name: create.name,
      createdAt: create.createdAt,
      state: 'FAILED',
      lastError: expect.stringContaining('#7'),
      conflict: { requestId: create.requestId, ticketId: 7 },
    });
    expect(own.requestId).not.toBe(create.requestId);
    expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 1 });
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
    expect(desk.outbox.list(9)).toEqual([own]);
    expect(desk.queue.pending).toBe(0);
  });

  it('is shown first under its new id, so that at no moment it is nowhere', async () => {
    const { create, own } = await refused(null);
    const [shown, gone] = desk.events.slice(-2);
    expect(shown).toMatchObject({ entry: own, removed: false, failed: 1 });
    expect(gone).toMatchObject({ entry: { requestId: create.requestId, state: 'FAILED' }, removed: true });
  });

  it.each([
    ['tried again', (requestId: string) => desk.outbox.retry(requestId)],
    [
      'edited',
      (requestId: string) => desk.outbox.edit(requestId, { title: 'New', description: '', name: 'Bo' }),
    ],
  ])('is sent under that of its own when it is %s', async (_how, act) => {
    const { own } = await refused(null);
    expect(await act(own.requestId)).toMatchObject({ state: 'QUEUED', lastError: null, conflict: null });
    const again = await desk.queue.next();
    expect(again.create.requestId).toBe(own.requestId);
    again.answer({ state: 'stored', id: 8 });
    await desk.event(({ entry, removed }) => removed && entry.id === 8);
    expect(desk.outbox.list(1)).toEqual([]);
  });

  it('is refused at once to that text from then on, and answered to the one that has it', async () => {
    const holder = { ...aCreate(), title: 'The one that has it' };
    const { create } = await refused(hexDigestOf(holder));
    const { requestId } = create;
    await expect(desk.outbox.file(create)).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'requestId',
      details: { ticketId: 7 },
    });
    await expect(desk.outbox.file({ ...holder, requestId })).resolves.toEqual({
      requestId,
      state: 'STORED',
      id: 7,
    });
    expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 1 });
  });
});

describe('editing', () => {
  const text = { title: 'New title', description: 'New description', name: 'Bo' };

  it('replaces the text of a failed one and sends that', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    await refuseNext();
    expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 1 });
    const bo = { id: 'bo', name: 'Bo' };
    const edited = await desk.outbox.edit(create.requestId, text, bo);
    expect(edited).toMatchObject({ ...text, state: 'QUEUED', lastError: null, lastErrorField: null });
    const sent = { ...text, requestId: create.requestId, agent: bo };
    expect((await desk.queue.next()).create).toMatchObject(sent);
    expect(desk.outbox.counts()).toEqual({ waiting: 1, failed: 0 });
  });

  it('replaces the text of one of which nothing has left the computer', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const error = new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } });
    (await desk.queue.next()).fail(error);
    await desk.event(({ entry }) => entry.lastError === 'No link');
    await expect(desk.outbox.edit(create.requestId, text)).resolves.toMatchObject(text);
  });

  it('waits for a try on a closed way that is just being made', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const publish = await desk.queue.next();
    const edited = desk.outbox.edit(create.requestId, text);
    publish.fail(new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } }));
    await expect(edited).resolves.toMatchObject(text);
    expect((await desk.queue.next()).create).toMatchObject(text);
  });

  it('refuses to touch one that is being sent or may have arrived', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const publish = await desk.queue.next();
    await expect(desk.outbox.edit(create.requestId, text)).rejects.toMatchObject({ code: 'CONFLICT' });
    publish.fail(new DeskError('UNAVAILABLE', 'Connection lost'));
    await desk.event(({ entry }) => entry.lastError === 'Connection lost');
    await expect(desk.outbox.edit(create.requestId, text)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(desk.outbox.list(1)[0]).toMatchObject({ title: create.title });
  });

  it('does not forget over a restart that one may have arrived', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const publish = await desk.queue.next();
    publish.fail(new DeskError('UNAVAILABLE', 'Connection lost'));
    await desk.event(({ entry }) => entry.lastError === 'Connection lost');
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path, wrap: throughDisk });
    const error = new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } });
    (await desk.queue.next()).fail(error);
    await desk.event(({ entry }) => entry.lastError === 'No link');
    await expect(desk.outbox.edit(create.requestId, text)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('names what the outbox does not have', async () => {
    await expect(desk.outbox.edit(aCreate().requestId, text)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      field: 'requestId',
    });
  });
});

describe('discarding and trying again', () => {
  it('drops one for good, also while it is being sent', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const publish = await desk.queue.next();
    await expect(desk.outbox.discard(create.requestId)).resolves.toBe(true);
    expect(publish.signal.aborted).toBe(true);
    expect(desk.events.at(-1)).toMatchObject({ removed: true, waiting: 0 });
    await expect(desk.outbox.discard(create.requestId)).resolves.toBe(false);
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
    expect(desk.outbox.list(10)).toEqual([]);
  });

  it('never sends one that is discarded while the disk is told that it leaves', async () => {
    const [create, next] = [aCreate(), aCreate()];
    await desk.outbox.file(create);
    const notSent = new DeskError('UNAVAILABLE', 'No link', { details: { notSent: true } });
    (await desk.queue.next()).fail(notSent);
    await desk.event(({ entry }) => entry.lastError === 'No link');
    let writtenNow = () => {};
    disk = new Promise((resolve) => {
      writtenNow = resolve;
    });
    desk.setLink('CONNECTED');
    disk = Promise.resolve();
    await expect(desk.outbox.discard(create.requestId)).resolves.toBe(true);
    writtenNow();
    await desk.outbox.file(next);
    expect((await desk.queue.next()).create.requestId).toBe(next.requestId);
  });

  it('brings the very one back that was discarded: place, time, failure and all', async () => {
    const [first, second, third] = [aCreate(), aCreate(), aCreate()];
    for (const create of [first, second, third]) await desk.outbox.file(create);
    const [, sent] = [await desk.queue.next(), await desk.queue.next()];
    sent.fail(new DeskError('BAD_USER_INPUT', 'title is no good', { field: 'title' }));
    await desk.event(({ entry }) => entry.requestId === second.requestId && entry.state === 'FAILED');
    const before = desk.outbox.list(10);

    await desk.outbox.discard(second.requestId);
    const back = await desk.outbox.restore(second.requestId);
    expect(back).toEqual(before[1]);
    expect(back.createdAt).toBe(second.createdAt);
    expect(desk.outbox.list(10).map(({ requestId }) => requestId)).toEqual(
      before.map(({ requestId }) => requestId),
    );
    expect(desk.events.at(-1)).toMatchObject({ entry: back, removed: false, waiting: 2, failed: 1 });

    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
    expect(desk.outbox.list(10)[1]).toMatchObject({ requestId: second.requestId, state: 'FAILED' });
  });

  it('sends one that was brought back while its send was being cut off', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    const cutOff = await desk.queue.next();
    await desk.outbox.discard(create.requestId);
    await desk.outbox.restore(create.requestId);
    expect(cutOff.signal.aborted).toBe(true);
    (await desk.queue.next()).answer({ state: 'stored', id: 7 });
    await desk.event(({ entry, removed }) => removed && entry.id === 7);
  });

  it('brings back only what was discarded, once, and leaves alone what was filed anew meanwhile', async () => {
    const create = aCreate();
    await expect(desk.outbox.restore(create.requestId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await desk.outbox.file(create);
    await desk.outbox.discard(create.requestId);
    await desk.outbox.file({ ...create, createdAt: '2026-11-25T08:00:00.000000Z' });
    await expect(desk.outbox.restore(create.requestId)).resolves.toMatchObject({
      createdAt: '2026-11-25T08:00:00.000000Z',
    });
    expect(desk.outbox.counts().waiting).toBe(1);
  });

  it('stays discarded while the disk will not take it back', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    await desk.outbox.discard(create.requestId);
    disk = Promise.reject(new DeskError('UNAVAILABLE', 'The disk is full.'));
    await expect(desk.outbox.restore(create.requestId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(desk.outbox.counts().waiting).toBe(0);
    disk = Promise.resolve();
    await expect(desk.outbox.restore(create.requestId)).resolves.toMatchObject({ state: 'QUEUED' });
  });

  it('keeps one that the disk will not let go', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    await desk.queue.next();
    disk = Promise.reject(new DeskError('UNAVAILABLE', 'The disk is full.'));
    await expect(desk.outbox.discard(create.requestId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    disk = Promise.resolve();
    expect(desk.outbox.counts().waiting).toBe(1);
  });

  it('sends a failed one again', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    await refuseNext();
    await expect(desk.outbox.retry(create.requestId)).resolves.toMatchObject({
      state: 'QUEUED',
      lastError: null,
    });
    expect((await desk.queue.next()).create.requestId).toBe(create.requestId);
  });

  it('keeps a failed one, its reason and its field over a restart', async () => {
    const create = aCreate();
    await desk.outbox.file(create);
    await refuseNext();
    await desk.stop();
    desk = await openOutboxDesk({ folder: folder.path });
    expect(desk.outbox.list(10)).toMatchObject([
      {
        state: 'FAILED',
        lastError: 'title is no good',
        lastErrorField: 'title',
        attempts: 1,
        nextAttemptAt: null,
      },
    ]);
    expect(desk.outbox.counts()).toEqual({ waiting: 0, failed: 1 });
    expect(desk.queue.pending).toBe(0);
  });
});
