/** What every CreateQueue must do, whatever carries the creates; each adapter runs it on the real thing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewTicket } from '../domain/ticket.ts';
import type { CreateQueue } from './create-queue.ts';

export interface QueueUnderTest {
  queue: CreateQueue;
  /** Ids of the tickets that this request made; waits for those that are on their way. */
  ticketsOf(requestId: string): Promise<number[]>;
  /** Makes the way to the ticket service fail, and whole again; resolves once it is so. */
  breakWay(): Promise<void>;
  mendWay(): Promise<void>;
  stop(): Promise<void>;
}

let made = 0;

function aCreate(): NewTicket {
  made += 1;
  const random = Math.random().toString(16).slice(2, 14).padEnd(12, '0');
  return {
    requestId: `0198c5a7-3b1e-7c4d-8a2f-${random}`,
    title: `Title ${made} ü 🖨`,
    description: 'Two\nlines',
    name: 'Ada',
    createdAt: '2026-11-24T14:02:11.123456Z',
  };
}

const signal = () => new AbortController().signal;

/** @param start begins anew for this suite. */
export function createQueueContract(name: string, start: () => Promise<QueueUnderTest>): void {
  describe(`${name} as a create queue`, () => {
    let test: QueueUnderTest;
    beforeAll(async () => {
      test = await start();
    });
    afterAll(() => test.stop());

    it('carries a create to the ticket service, and tells its id if it says stored', async () => {
      const create = aCreate();
      const result = await test.queue.publish(create, { signal: signal() });
      const ids = await test.ticketsOf(create.requestId);
      expect(ids).toHaveLength(1);
      if (result.state === 'stored') expect(result.id).toBe(ids[0]);
      else expect(result.state).toBe('accepted');
    });

    it('makes one ticket of one requestId, sent again and at the same time', async () => {
      const create = aCreate();
      await Promise.all([1, 2, 3].map(() => test.queue.publish(create, { signal: signal() })));
      await test.queue.publish(create, { signal: signal() });
      expect(await test.ticketsOf(create.requestId)).toHaveLength(1);
    });

    it('throws what may pass while the way is broken, and carries the same create afterwards', async () => {
      const create = aCreate();
      await test.breakWay();
      await expect(test.queue.publish(create, { signal: signal() })).rejects.toMatchObject({
        code: expect.stringMatching(/^(UNAVAILABLE|DEADLINE_EXCEEDED|INTERNAL)$/),
      });
      await test.mendWay();
      await test.queue.publish(create, { signal: signal() });
      expect(await test.ticketsOf(create.requestId)).toHaveLength(1);
    });

    it('gives up at once when it is told to', async () => {
      await expect(test.queue.publish(aCreate(), { signal: AbortSignal.abort() })).rejects.toBeDefined();
    });
  });
}
