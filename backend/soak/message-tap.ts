/** Hears every message of a topic on a channel of its own, to publish them again. */
import { Reader } from 'nsqjs';
import type { Random } from '../testing/random.ts';
import type { TestNsqd } from '../testing/services.ts';

export interface MessageTap {
  /** The last messages once more, in another order: what a queue may do that delivers at least once, in no order. */
  publishAgain(): Promise<void>;
  stop(): Promise<void>;
}

const keptMessages = 200;

export function tapMessages(nsqd: TestNsqd, topic: string, random: Random): MessageTap {
  const bodies: Buffer[] = [];
  const reader = new Reader(topic, 'soak#ephemeral', {
    nsqdTCPAddresses: [nsqd.tcpAddress],
    maxInFlight: 50,
  });
  reader.on('error', () => {});
  reader.on('message', (message) => {
    // One without a request id is another create each time.
    if (String(message.body).includes('"requestId"')) bodies.push(message.body);
    bodies.splice(0, bodies.length - keptMessages);
    message.finish();
  });
  reader.connect();
  return {
    async publishAgain() {
      const shuffled = bodies
        .map((body) => ({ body, place: random.next() }))
        .sort((one, other) => one.place - other.place);
      for (const { body } of shuffled) {
        await fetch(`http://${nsqd.httpAddress}/pub?topic=${topic}`, {
          method: 'POST',
          body: new Uint8Array(body),
        });
      }
    },
    async stop() {
      reader.close();
    },
  };
}
