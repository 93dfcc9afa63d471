import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCreate } from '../domain/create-message.ts';
import type { NewTicket } from '../domain/ticket.ts';
import { toDeskError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { createQueueContract } from '../ports/create-queue.contract.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import { linkState } from '../proxy/testing/link-state.ts';
import { proxyOn } from '../proxy/testing/real-proxy.ts';
import { startTestPostgres } from '../testing/postgres.ts';
import { faults, startRelay } from '../testing/relay.ts';
import { startTestNsqd, type TestNsqd, unfinished } from '../testing/services.ts';
import { startTestService } from '../ticket-service/testing/service.ts';
import { nsqQueue } from './queue-nsq.ts';
import { nsqSource } from './source-nsq.ts';
import { frame, startImpostor } from './testing/impostor-nsqd.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const plain = { tls: undefined, authSecret: undefined, logger };
const signal = () => new AbortController().signal;

function aCreate(title = 'Printer'): NewTicket {
  const requestId = `0198c5a7-3b1e-7c4d-8a2f-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`;
  return { requestId, title, description: '', name: 'Ada', createdAt: '2026-11-24T14:02:11.123456Z' };
}

/** Resolves once the queue has a connection: at once, or when it opens the next time. */
function whenOpen(queue: CreateQueue): Promise<void> {
  return new Promise((resolve) => {
    const stop = queue.onOpen?.(() => {
      stop?.();
      resolve();
    });
  });
}

async function openQueue(nsqdAddress: string, topic = 'ticketCreate'): Promise<CreateQueue> {
  const queue = nsqQueue({ ...plain, nsqdAddress, topic });
  await whenOpen(queue);
  return queue;
}

createQueueContract('queue-nsq', async () => {
  const [nsqd, postgres] = await Promise.all([startTestNsqd(), startTestPostgres()]);
  const service = await startTestService({ postgresUrl: await postgres.createDatabase() });
  const { client, stop } = await proxyOn({ address: service.address });
  await linkState(client, 'CONNECTED');
  const queue = await openQueue(nsqd.tcpAddress);
  const source = nsqSource({
    ...plain,
    nsqdAddress: nsqd.tcpAddress,
    lookupdAddresses: [],
    topic: 'ticketCreate',
    channel: 'Create',
  })({
    maxInFlight: 10,
    onDelivery(delivery) {
      const create = decodeCreate(delivery.body.toString(), { requestId: '', createdAt: '' });
      client.createTicket(create, { signal: signal() }).then(
        () => delivery.finish(),
        () => delivery.requeue(100),
      );
    },
  });
  const left = async () => unfinished(await nsqd.stats('ticketCreate'));
  return {
    queue,
    async ticketsOf(requestId: string) {
      const found = async () => {
        const tickets = await client.list({});
        return tickets.filter((ticket) => ticket.requestId === requestId).map(({ id }) => id);
      };
      await expect.poll(found, { timeout: 10_000 }).not.toEqual([]);
      // What would make a second one has gone its way too.
      await expect.poll(left, { timeout: 10_000 }).toBe(0);
      return await found();
    },
    breakWay: () => nsqd.kill(),
    async mendWay() {
      const opened = whenOpen(queue);
      await nsqd.start();
      await opened;
    },
    async stop() {
      await source.close();
      await queue.close();
      await stop();
      await service.stop();
      await Promise.all([nsqd.stop(), postgres.stop()]);
    },
  };
});

describe('queue-nsq on a link that fails', () => {
  let nsqd: TestNsqd;
  beforeAll(async () => {
    nsqd = await startTestNsqd();
  });
  afterAll(() => nsqd?.stop());

  for (const fault of faults.filter((one) => one !== 'slow')) {
    it(`fails what it has in hand with what may pass, and goes on by itself (${fault})`, async () => {
      const relay = await startRelay({ to: nsqd.tcpAddress });
      const queue = await openQueue(relay.address);
      await queue.publish(aCreate(), { signal: signal() });
      await relay.cut(fault);
      const results = await Promise.allSettled(
        [1, 2, 3].map(() => queue.publish(aCreate(), { signal: signal() })),
      );
      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
      }
      const opened = whenOpen(queue);
      await relay.mend();
      await opened;
      expect(await queue.publish(aCreate(), { signal: signal() })).toEqual({ state: 'accepted' });
      await queue.close();
      await relay.close();
    });
  }

  it('carries over a slow link', async () => {
    const relay = await startRelay({ to: nsqd.tcpAddress });
    const queue = await openQueue(relay.address);
    await relay.cut('slow');
    const results = await Promise.all([1, 2, 3].map(() => queue.publish(aCreate(), { signal: signal() })));
    expect(results).toEqual([1, 2, 3].map(() => ({ state: 'accepted' })));
    await queue.close();
    await relay.close();
  });

  it('fails what a frozen nsqd does not answer, and what comes meanwhile at once, and goes on when it thaws', async () => {
    const queue = await openQueue(nsqd.tcpAddress);
    await nsqd.freeze();
    const thrown = await queue.publish(aCreate(), { signal: signal() }).catch(toDeskError);
    expect(thrown).toMatchObject({ code: 'UNAVAILABLE', details: undefined });
    const next = await queue.publish(aCreate(), { signal: signal() }).catch(toDeskError);
    expect(next).toMatchObject({ code: 'UNAVAILABLE', details: { notSent: true } });
    const opened = whenOpen(queue);
    await nsqd.thaw();
    await opened;
    expect(await queue.publish(aCreate(), { signal: signal() })).toEqual({ state: 'accepted' });
    await queue.close();
  });

  it('says where nobody answers, and that it was not sent', async () => {
    const queue = nsqQueue({ ...plain, nsqdAddress: '127.0.0.1:1', topic: 'ticketCreate' });
    const message = () =>
      queue.publish(aCreate(), { signal: signal() }).then(
        () => '',
        (thrown) => {
          expect(thrown).toMatchObject({ code: 'UNAVAILABLE', details: { notSent: true } });
          return thrown.message;
        },
      );
    await expect
      .poll(message)
      .toBe(
        'The queue (nsqd at 127.0.0.1:1) takes nothing just now: nothing listens there; what is filed waits here and goes out by itself.',
      );
    await queue.close();
  });

  it('tells once of an nsqd whose disk is full, though it lets itself be connected to after each refusal', async () => {
    const impostor = await startImpostor({
      identify: {},
      onPublish: (socket) =>
        socket.end(
          frame('E_PUB_FAILED PUB failed write /data/x: no space left on device', { isError: true }),
        ),
    });
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const queue = nsqQueue({
      ...plain,
      logger: createLogger({ name: 'test', level: 'info', destination }),
      nsqdAddress: impostor.address,
      topic: 'ticketCreate',
    });
    for (let time = 1; time <= 3; time += 1) {
      await whenOpen(queue);
      const thrown = await queue.publish(aCreate(), { signal: signal() }).catch(toDeskError);
      expect(thrown).toMatchObject({
        code: 'UNAVAILABLE',
        message: `The queue (nsqd at ${impostor.address}) takes nothing just now: it can’t store what it is sent: its disk may be full, its log has the reason; what is filed waits here and goes out by itself.`,
      });
    }
    expect(lines).toEqual([expect.stringContaining('no space left on device')]);
    await queue.close();
    impostor.stop();
  });

  it('gives up a connection that is alive and answers no publish', async () => {
    const heartbeats: NodeJS.Timeout[] = [];
    const impostor = await startImpostor({
      identify: {},
      onPublish(socket) {
        heartbeats.push(setInterval(() => socket.write(frame('_heartbeat_')), 100));
      },
    });
    const queue = await openQueue(impostor.address);
    await expect(queue.publish(aCreate(), { signal: signal() })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await queue.close();
    for (const heartbeat of heartbeats) clearInterval(heartbeat);
    impostor.stop();
  });

  it('gives up one that is told to stop, and carries the others', async () => {
    const queue = await openQueue(nsqd.tcpAddress);
    await nsqd.freeze();
    const stopping = new AbortController();
    const stopped = queue.publish(aCreate(), { signal: stopping.signal });
    const carried = queue.publish(aCreate(), { signal: signal() });
    stopping.abort(new Error('told to'));
    await expect(stopped).rejects.toThrow('told to');
    await nsqd.thaw();
    expect(await carried).toEqual({ state: 'accepted' });
    await queue.close();
  });

  it('ends what is under way before it closes', async () => {
    const queue = await openQueue(nsqd.tcpAddress);
    const publishing = [1, 2, 3].map(() => queue.publish(aCreate(), { signal: signal() }));
    await new Promise((resolve) => setImmediate(resolve));
    await queue.close();
    expect(await Promise.all(publishing)).toHaveLength(3);
  });
});

describe('queue-nsq with a create that nsqd will never take', () => {
  it('names the field, keeps the connection of the others, and does not even send what is over every limit', async () => {
    const nsqd = await startTestNsqd({ args: ['--max-msg-size=2000'] });
    const queue = await openQueue(nsqd.tcpAddress);
    for (const length of [3_000, 2_000_000]) {
      const create = { ...aCreate(), description: 'x'.repeat(length) };
      await expect(queue.publish(create, { signal: signal() })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'description',
      });
      if (length === 3_000) await whenOpen(queue);
    }
    expect(await queue.publish(aCreate(), { signal: signal() })).toEqual({ state: 'accepted' });
    await queue.close();
    await nsqd.stop();
  });
});
