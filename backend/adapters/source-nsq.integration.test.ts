import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logger.ts';
import { createSourceContract } from '../ports/create-source.contract.ts';
import type { Delivery, OpenCreateSource } from '../ports/create-source.ts';
import { faults, type Relay, startRelay } from '../testing/relay.ts';
import {
  startTestNsqd,
  startTestNsqlookupd,
  type TestNsqd,
  type TestNsqlookupd,
  unfinished,
} from '../testing/services.ts';
import { nsqSource } from './source-nsq.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let topics = 0;

function newTopic(): string {
  topics += 1;
  return `source_${topics}`;
}

function openAt(
  topic: string,
  place: { nsqdAddress?: string; lookupdAddresses?: string[] },
): OpenCreateSource {
  return nsqSource({
    nsqdAddress: place.nsqdAddress,
    lookupdAddresses: place.lookupdAddresses ?? [],
    topic,
    channel: 'Create',
    tls: undefined,
    authSecret: undefined,
    logger,
  });
}

async function publish(nsqd: TestNsqd, topic: string, body: string): Promise<void> {
  const response = await fetch(`http://${nsqd.httpAddress}/pub?topic=${topic}`, { method: 'POST', body });
  expect(response.status).toBe(200);
}

async function emptied(nsqd: TestNsqd, topic: string): Promise<void> {
  await expect.poll(async () => unfinished(await nsqd.stats(topic)), { timeout: 10_000 }).toBe(0);
}

createSourceContract('source-nsq', async () => {
  const nsqd = await startTestNsqd();
  const relays: Relay[] = [];
  return {
    messageTimeoutMs: 3_000,
    async newStream() {
      const topic = newTopic();
      const relay = await startRelay({ to: nsqd.tcpAddress });
      relays.push(relay);
      return {
        open: openAt(topic, { nsqdAddress: nsqd.tcpAddress }),
        openMortal: openAt(topic, { nsqdAddress: relay.address }),
        killMortals: () => relay.cut('drop'),
        publish: (body) => publish(nsqd, topic, body),
        emptied: () => emptied(nsqd, topic),
      };
    },
    killQueue: () => nsqd.kill(),
    startQueue: () => nsqd.start(),
    async stop() {
      await Promise.all(relays.map((relay) => relay.close()));
      await nsqd.stop();
    },
  };
});

/** Finishes all that comes; `seen` resolves once all of these bodies have come. */
function readAll(open: OpenCreateSource, maxInFlight = 10) {
  const bodies = new Set<string>();
  const source = open({
    maxInFlight,
    onDelivery(delivery: Delivery) {
      bodies.add(delivery.body.toString());
      delivery.finish();
    },
  });
  const seen = (...wanted: string[]) =>
    expect.poll(() => wanted.filter((body) => !bodies.has(body)), { timeout: 20_000 }).toEqual([]);
  return { source, seen };
}

describe('source-nsq on a link that fails', () => {
  let nsqd: TestNsqd;
  beforeAll(async () => {
    nsqd = await startTestNsqd();
  });
  afterAll(() => nsqd?.stop());

  for (const fault of faults) {
    it(`delivers again by itself after the link was cut (${fault})`, async () => {
      const topic = newTopic();
      const relay = await startRelay({ to: nsqd.tcpAddress });
      const { source, seen } = readAll(openAt(topic, { nsqdAddress: relay.address }));
      await publish(nsqd, topic, 'before');
      await seen('before');
      await relay.cut(fault);
      await publish(nsqd, topic, 'meanwhile');
      if (fault === 'drop' || fault === 'refuse') await expect.poll(() => source.connected()).toBe(false);
      await relay.mend();
      await publish(nsqd, topic, 'after');
      await seen('meanwhile', 'after');
      await emptied(nsqd, topic);
      await source.close();
      await relay.close();
    });
  }

  it('notices a frozen nsqd, and takes up again when it goes on', async () => {
    const topic = newTopic();
    const { source, seen } = readAll(openAt(topic, { nsqdAddress: nsqd.tcpAddress }));
    await publish(nsqd, topic, 'before');
    await seen('before');
    await nsqd.freeze();
    await expect.poll(() => source.connected(), { timeout: 30_000 }).toBe(false);
    await nsqd.thaw();
    await publish(nsqd, topic, 'after');
    await seen('after');
    await source.close();
  });

  it('closes while there is nobody to connect to', async () => {
    const { source } = readAll(openAt(newTopic(), { nsqdAddress: '127.0.0.1:1' }));
    expect(source.connected()).toBe(false);
    await source.close();
  });
});

describe('source-nsq with nsqlookupd', () => {
  let lookupd: TestNsqlookupd;
  const nsqds: TestNsqd[] = [];
  const startNsqd = async () => {
    const nsqd = await startTestNsqd({ args: [`--lookupd-tcp-address=${lookupd.nsqdAddress}`] });
    nsqds.push(nsqd);
    return nsqd;
  };
  beforeAll(async () => {
    lookupd = await startTestNsqlookupd();
  });
  afterAll(async () => {
    await Promise.all(nsqds.map((nsqd) => nsqd.stop()));
    await lookupd?.stop();
  });

  it('finds each nsqd that has the topic, also one that joins later, and loses nothing to one that is down', async () => {
    const topic = newTopic();
    const first = await startNsqd();
    const { source, seen } = readAll(openAt(topic, { lookupdAddresses: [lookupd.httpAddress] }));
    await publish(first, topic, 'one');
    await seen('one');
    const second = await startNsqd();
    await publish(second, topic, 'two');
    await seen('two');
    await second.kill();
    await publish(first, topic, 'three');
    await seen('three');
    await second.start();
    await publish(second, topic, 'four');
    await seen('four');
    await source.close();
  });

  it('makes the channel known before any nsqd has the topic, so that nothing is missed', async () => {
    const topic = newTopic();
    const { source } = readAll(openAt(topic, { lookupdAddresses: [lookupd.httpAddress] }));
    const channels = async () => {
      const response = await fetch(`http://${lookupd.httpAddress}/channels?topic=${topic}`);
      return ((await response.json()) as { channels: string[] }).channels;
    };
    await expect.poll(channels).toEqual(['Create']);
    await source.close();
  });

  it('takes from a named nsqd and from those of nsqlookupd at once, and lives while nsqlookupd is away', async () => {
    const topic = newTopic();
    const [named, found] = [await startTestNsqd(), await startNsqd()];
    nsqds.push(named);
    const { source, seen } = readAll(
      openAt(topic, { nsqdAddress: named.tcpAddress, lookupdAddresses: [lookupd.httpAddress] }),
    );
    await publish(named, topic, 'named');
    await publish(found, topic, 'found');
    await seen('named', 'found');
    await lookupd.kill();
    await publish(found, topic, 'without nsqlookupd');
    await seen('without nsqlookupd');
    await lookupd.start();
    await source.close();
  });
});
