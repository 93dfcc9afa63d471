/** A queue's end whose deliveries the test makes, and what became of each. */
import type { Delivery, OpenCreateSource } from '../../ports/create-source.ts';

export type DeliveryEnd = 'finished' | { requeuedMs: number };

export interface TestDelivery {
  /** How it ended so far. */
  ends: DeliveryEnd[];
  /** Resolves once it has ended. */
  ended: Promise<DeliveryEnd>;
}

export interface ControllableSource {
  open: OpenCreateSource;
  /** @param body as JSON unless it is a Buffer */
  deliver(
    body: unknown,
    message?: Partial<Pick<Delivery, 'id' | 'attempts' | 'publishedAtMs'>>,
  ): TestDelivery;
  readonly isPaused: boolean;
  readonly isClosed: boolean;
}

export function controllableSource(): ControllableSource {
  let onDelivery: ((delivery: Delivery) => void) | undefined;
  let isPaused = false;
  let isClosed = false;
  let delivered = 0;
  return {
    open(options) {
      onDelivery = options.onDelivery;
      return {
        connected: () => !isClosed,
        pause() {
          isPaused = true;
        },
        async close() {
          isClosed = true;
        },
      };
    },
    deliver(body, message = {}) {
      delivered += 1;
      const ends: DeliveryEnd[] = [];
      const ended = new Promise<DeliveryEnd>((resolve) => {
        const end = (how: DeliveryEnd) => {
          ends.push(how);
          resolve(how);
        };
        onDelivery?.({
          id: `message-${delivered}`,
          body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
          publishedAtMs: Date.now(),
          attempts: 1,
          finish: () => end('finished'),
          requeue: (delayMs) => end({ requeuedMs: delayMs }),
          ...message,
        });
      });
      return { ends, ended };
    },
    get isPaused() {
      return isPaused;
    },
    get isClosed() {
      return isClosed;
    },
  };
}
