/** The services for tests keep their word; run both ways by TEST_SERVICES=containers and TEST_SERVICES=processes. */
import { createConnection } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTestNsqd, startTestNsqlookupd, startTestRedis } from './services.ts';
import type { TestService } from './test-service.ts';

const topic = 'ticketCreate';

async function started<Service extends TestService>(starting: Promise<Service>): Promise<Service> {
  const service = await starting;
  onTestFinished(() => service.stop());
  return service;
}

/** What Redis answers, or the error's code when the connection ends before that. */
function ask(url: string, command: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.on('data', (data) => {
      resolve(String(data).trim());
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('end', () => resolve('ended'));
    socket.write(`${command}\r\n`);
  });
}

const publish = (address: string, body: string) =>
  fetch(`http://${address}/pub?topic=${topic}`, { method: 'POST', body });

it('Redis is gone after a kill, and comes back empty on the same port', async () => {
  const redis = await started(startTestRedis());
  expect(await ask(redis.url, 'SET key value')).toBe('+OK');
  await redis.kill();
  expect(await ask(redis.url, 'GET key')).toBe('ECONNREFUSED');
  await redis.start();
  expect(await ask(redis.url, 'GET key')).toBe('$-1');
});

it('Redis is emptied by a flush', async () => {
  const redis = await started(startTestRedis());
  await ask(redis.url, 'SET key value');
  await redis.flush();
  expect(await ask(redis.url, 'GET key')).toBe('$-1');
});

it('a frozen Redis answers once it is thawed, and can be killed while it is frozen', async () => {
  const redis = await started(startTestRedis());
  await redis.freeze();
  let hasAnswered = false;
  const answer = ask(redis.url, 'PING').then((text) => {
    hasAnswered = true;
    return text;
  });
  // The other Redis shows that a whole start did not suffice for an answer.
  await started(startTestRedis());
  expect(hasAnswered).toBe(false);
  await redis.thaw();
  expect(await answer).toBe('+PONG');
  await redis.freeze();
  await redis.kill();
  await redis.start();
  expect(await ask(redis.url, 'PING')).toBe('+PONG');
});

it('nsqd keeps over a kill what it was given, but for the last, and has the same ports', async () => {
  const nsqd = await started(startTestNsqd());
  expect(await nsqd.stats(topic)).toBeUndefined();
  for (const body of ['one', 'two', 'three'])
    expect((await publish(nsqd.httpAddress, body)).status).toBe(200);
  await nsqd.kill();
  await expect(publish(nsqd.httpAddress, 'four')).rejects.toThrow();
  await nsqd.start();
  // It notes a new topic, and the place of its last message, a moment after the OK.
  await fetch(`http://${nsqd.httpAddress}/topic/create?topic=${topic}`, { method: 'POST' });
  expect((await nsqd.stats(topic))?.depth).toBeGreaterThanOrEqual(2);
});

it('nsqlookupd tells where nsqd is, for this computer', async () => {
  const lookupd = await started(startTestNsqlookupd());
  const nsqd = await started(startTestNsqd({ args: [`--lookupd-tcp-address=${lookupd.nsqdAddress}`] }));
  await publish(nsqd.httpAddress, 'one');
  await expect
    .poll(async () => {
      const response = await fetch(`http://${lookupd.httpAddress}/lookup?topic=${topic}`);
      const { producers = [] }: { producers?: { broadcast_address: string; tcp_port: number }[] } =
        await response.json();
      return producers.map((producer) => `${producer.broadcast_address}:${producer.tcp_port}`);
    })
    .toEqual([nsqd.tcpAddress]);
});
