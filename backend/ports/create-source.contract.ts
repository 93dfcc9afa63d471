/** What every CreateSource must do, whatever the creates come from; each adapter runs it on the real thing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateSource, Delivery, OpenCreateSource } from './create-source.ts';

/** A stream of creates that nobody else uses. */
export interface StreamUnderTest {
  open: OpenCreateSource;
  /** Opens as one whose process may die. */
  openMortal: OpenCreateSource;
  /** What it has opened loses its queue without a word, for ever. */
  killMortals(): Promise<void>;
  publish(body: string): Promise<void>;
  /** Resolves once nothing is left: neither waiting nor held. */
  emptied(): Promise<void>;
}

export interface SourceUnderTest {
  newStream(): Promise<StreamUnderTest>;
  /** How long a message may be held without a sign of life. */
  messageTimeoutMs: number;
  /** Kills what the creates come from, and starts it again with all that it had on disk. */
  killQueue(): Promise<void>;
  startQueue(): Promise<void>;
  stop(): Promise<void>;
}

interface Reading {
  source: CreateSource;
  all: Delivery[];
  /** The next that is neither read nor on its way to another reader. */
  next(): Promise<Delivery>;
}

function read(open: OpenCreateSource, options: { maxInFlight?: number } = {}): Reading {
  const all: Delivery[] = [];
  const waiting: ((delivery: Delivery) => void)[] = [];
  const unread: Delivery[] = [];
  const source = open({
    maxInFlight: options.maxInFlight ?? 10,
    onDelivery(delivery) {
      all.push(delivery);
      const reader = waiting.shift();
      if (reader) reader(delivery);
      else unread.push(delivery);
    },
  });
  const next = () =>
    new Promise<Delivery>((resolve) => {
      const delivery = unread.shift();
      if (delivery) resolve(delivery);
      else waiting.push(resolve);
    });
  return { source, all, next };
}

const text = (delivery: Delivery) => delivery.body.toString();

/** @param start begins anew for this suite. */
export function createSourceContract(name: string, start: () => Promise<SourceUnderTest>): void {
  describe(`${name} as a create source`, () => {
    let test: SourceUnderTest;
    let stream: StreamUnderTest;
    beforeAll(async () => {
      test = await start();
    });
    afterAll(() => test?.stop());

    /** Each test has a stream and closes what it opens, whatever comes of it. */
    function scenario(title: string, run: (open: typeof read) => Promise<void>): void {
      it(title, async () => {
        stream = await test.newStream();
        const opened: Reading[] = [];
        try {
          await run((...args) => {
            const reading = read(...args);
            opened.push(reading);
            return reading;
          });
        } finally {
          await Promise.all(opened.map(({ source }) => source.close()));
        }
      });
    }

    scenario('delivers what is published, as it is, also from before anybody was there', async (open) => {
      const publishedAtMs = Date.now();
      await stream.publish('{"title": "before ü 🖨"}');
      const { next, source } = open(stream.open);
      const first = await next();
      expect(text(first)).toBe('{"title": "before ü 🖨"}');
      expect(first.attempts).toBe(1);
      expect(Math.abs(first.publishedAtMs - publishedAtMs)).toBeLessThan(60_000);
      expect(source.connected()).toBe(true);
      first.finish();
      await stream.publish('no JSON at all');
      const second = await next();
      expect(text(second)).toBe('no JSON at all');
      expect(second.id).not.toBe(first.id);
      second.finish();
      await stream.emptied();
    });

    scenario('delivers a requeued message again, as the same', async (open) => {
      const { next } = open(stream.open);
      await stream.publish('again');
      const first = await next();
      first.requeue(0);
      const second = await next();
      expect(text(second)).toBe('again');
      expect(second.id).toBe(first.id);
      expect(second.attempts).toBe(2);
      second.finish();
      await stream.emptied();
    });

    scenario('is done with what was finished, also when it closes right after', async (open) => {
      const first = open(stream.open);
      await stream.publish('finished');
      (await first.next()).finish();
      await first.source.close();
      const second = open(stream.open);
      await stream.publish('later');
      const later = await second.next();
      expect(text(later)).toBe('later');
      later.finish();
      await stream.emptied();
    });

    scenario('delivers elsewhere what was held at the close', async (open) => {
      const first = open(stream.open);
      await stream.publish('held');
      const held = await first.next();
      await first.source.close();
      held.finish();
      held.requeue(0);
      const again = await open(stream.open).next();
      expect(again.id).toBe(held.id);
      again.finish();
      await stream.emptied();
    });

    scenario('delivers elsewhere what was held by one that died', async (open) => {
      const dying = open(stream.openMortal);
      await stream.publish('orphan');
      const held = await dying.next();
      await stream.killMortals();
      const again = await open(stream.open).next();
      expect(again.id).toBe(held.id);
      again.finish();
      await stream.emptied();
    });

    scenario('holds no more at once than it may', async (open) => {
      const maxInFlight = 3;
      for (let at = 0; at < 20; at += 1) await stream.publish(`message ${at}`);
      const { next, all } = open(stream.open, { maxInFlight });
      const finished: Delivery[] = [];
      let mostHeld = 0;
      while (finished.length < 20) {
        const held = [await next(), await next()];
        // All that may come now has the time of a whole round trip.
        await stream.publish('one more').then(() => undefined);
        mostHeld = Math.max(mostHeld, all.length - finished.length);
        for (const delivery of held) {
          delivery.finish();
          finished.push(delivery);
        }
      }
      expect(mostHeld).toBe(maxInFlight);
    });

    scenario('takes nothing new once it is paused, and may finish what it holds', async (open) => {
      const pausing = open(stream.open);
      await stream.publish('held');
      const held = await pausing.next();
      pausing.source.pause();
      const other = open(stream.open);
      for (let at = 0; at < 10; at += 1) await stream.publish(`message ${at}`);
      for (let at = 0; at < 10; at += 1) (await other.next()).finish();
      expect(pausing.all).toEqual([held]);
      held.finish();
      await stream.emptied();
    });

    scenario('keeps what is held from running out', async (open) => {
      const { next, all } = open(stream.open);
      await stream.publish('held for long');
      const held = await next();
      await stream.publish('clock');
      (await next()).requeue(test.messageTimeoutMs * 2.5);
      // Its second coming tells that the time is up.
      (await next()).finish();
      expect(all.filter(({ id }) => id === held.id)).toHaveLength(1);
      held.finish();
      await stream.emptied();
    });

    scenario(
      'goes on by itself when the queue was gone, and answers for the old deliveries harm nobody',
      async (open) => {
        const { next } = open(stream.open);
        await stream.publish('held over the kill');
        const held = await next();
        await test.killQueue();
        held.finish();
        await test.startQueue();
        await stream.publish('after the kill');
        const seen = new Set<string>();
        while (!seen.has('after the kill')) {
          const delivery = await next();
          seen.add(text(delivery));
          delivery.finish();
        }
        await stream.emptied();
      },
    );
  });
}
