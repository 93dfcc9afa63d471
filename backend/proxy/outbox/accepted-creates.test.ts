/** What becomes of a create that the queue has accepted and the service has not confirmed. */
import { describe, expect, it, vi } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { hexDigestOf } from '../../create-digest.ts';
import { DeskError } from '../../errors.ts';
import type { TicketEvent } from '../client/types.ts';
import { aCreate } from '../testing/outbox-desk.ts';
import { desk, failure, file, left, reopen, take, unavailable } from '../testing/sending-outbox.ts';
import type { OutboxEntryView } from './entry.ts';

describe('a create that was only accepted', () => {
  const first = () => desk.outbox.list(1)[0] as OutboxEntryView;
  const idOfFirst = () => first().requestId;
  const digestOfFirst = () => hexDigestOf(first());
  /** The service tells of the ticket that the first one has become. */
  function told(id: number, changes: object = {}): TicketEvent {
    const { requestId } = first();
    const kept = { requestId, version: 1, createdAt: '', updatedAt: '' };
    return {
      kind: 'CREATED',
      id,
      ticket: { id, ...ticketValues(first()), assignee: null, ...kept, ...changes },
    };
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

  it('does not leave by a ticket that was edited to its text: the service is asked what that was filed with', async () => {
    const requestId = await accepted();
    desk.tellTicket(told(5, { version: 2 }));
    expect(desk.outbox.list(1)).toMatchObject([{ requestId, state: 'SENT' }]);
    desk.results.set(requestId, { state: 'STORED', id: 5, digest: digestOfFirst() });
    desk.tellTicket(told(5, { version: 3 }));
    await vi.advanceTimersByTimeAsync(1);
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
    await reopen();
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
    await reopen({ link: 'CONNECTING' });
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
