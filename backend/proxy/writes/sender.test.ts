/** When what waits is sent again: the ticket service is a stand-in, so that it can be lost and found at will. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import type { TicketClient } from '../client/types.ts';
import { noDisk } from '../testing/no-disk.ts';
import { Sender } from './sender.ts';
import { Writes } from './writes.ts';

const createdAt = '2026-11-28T10:00:00.000000Z';

/** A desk with a comment for each of so many tickets, and a service that answers as `answer` says. */
async function deskWith(tickets: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const service = { answer: () => {}, asked: 0, busy: 0, busiest: 0, told: new Set<string>() };
  const client = {
    link: () => ({ state: 'CONNECTED' }),
    onLink: () => () => {},
    async addComment({ createdAt }: { createdAt: string }) {
      service.asked += 1;
      service.told.add(createdAt);
      service.busy += 1;
      service.busiest = Math.max(service.busiest, service.busy);
      await new Promise((resolve) => setTimeout(resolve, 10));
      service.busy -= 1;
      service.answer();
      return { id: service.asked };
    },
  } as unknown as TicketClient;
  const writes = new Writes(noDisk());
  const outbox = { known: () => undefined, onChange: () => () => {} };
  const sender = new Sender({ writes, outbox, client });
  onTestFinished(() => sender.stop());
  for (let ticketId = 1; ticketId <= tickets; ticketId += 1) {
    const requestId = `request-${ticketId}`;
    const comment = { kind: 'COMMENT', comment: 'NOTE', body: 'Looked at', createdAt } as const;
    await writes.file({ ...comment, requestId, ticketId, ticketRequestId: null });
  }
  return { service, writes };
}

const away = () => {
  throw new DeskError('UNAVAILABLE', 'The database does not answer just now.');
};

it('goes out within seconds once what is behind the link is back, however long that took', async () => {
  const { service, writes } = await deskWith(30);
  service.answer = away;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(writes.counts().waiting).toBe(30);
  service.answer = () => {};
  await vi.advanceTimersByTimeAsync(3_100);
  expect(writes.counts().waiting).toBe(0);
});

it('is tried by one at a time while the link fails', async () => {
  const { service } = await deskWith(30);
  service.answer = away;
  await vi.advanceTimersByTimeAsync(1_000);
  Object.assign(service, { asked: 0, busiest: 0 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(service.busiest).toBe(1);
  expect(service.asked).toBeLessThan(60);
});

it('is of the moment at which it comes there, and only where it has waited of when it was said', async () => {
  const { service } = await deskWith(1);
  service.answer = away;
  await vi.advanceTimersByTimeAsync(50_000);
  expect([...service.told]).toEqual(['']);
  await vi.advanceTimersByTimeAsync(20_000);
  expect([...service.told]).toEqual(['', createdAt]);
});
