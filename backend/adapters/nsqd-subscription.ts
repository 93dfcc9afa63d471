/** The deliveries of one nsqd: handed out, kept alive while they are held, given back. */
import type { Message } from 'nsqjs';
import type { Logger } from '../logger.ts';
import type { Delivery } from '../ports/create-source.ts';
import { connectToSubscribe, type SubscribeConnection } from './nsq-connection.ts';
import { type NsqSecurity, parseAddress } from './nsq-options.ts';
import { keepConnected } from './nsqd-link.ts';

export interface SubscriptionOptions extends NsqSecurity {
  /** `host:port` */
  address: string;
  topic: string;
  channel: string;
  onDelivery(delivery: Delivery): void;
  /** It has opened or closed. */
  onChange(): void;
  logger: Logger;
}

export interface Subscription {
  connected(): boolean;
  /** How many deliveries nsqd may have out here at once. At 0 what is on its way yet goes straight back. */
  limit(count: number): void;
  /** Resolves once what was finished or requeued has arrived; nsqd delivers the rest elsewhere. */
  close(): Promise<void>;
}

/** nsqd keeps a message from timing out up to --max-msg-timeout (15 min), however often it is touched. */
const touchesPerTimeout = 3;

export function subscribe(options: SubscriptionOptions): Subscription {
  const { address, topic, channel, tls, authSecret, logger } = options;
  const held = new Set<Message>();
  let limit = 0;
  let isClosing = false;
  let toucher: NodeJS.Timeout | undefined;

  function receive(message: Message): void {
    if (isClosing) return;
    held.add(message);
    const delivery = deliveryOf(message, held);
    if (limit === 0) delivery.requeue(0);
    else options.onDelivery(delivery);
  }

  const link = keepConnected<SubscribeConnection>({
    address,
    connect: (events) =>
      connectToSubscribe(
        parseAddress(address),
        { tls, authSecret, topic, channel },
        { ...events, onMessage: receive },
      ),
    onOpen({ nsqd }) {
      toucher = setInterval(() => {
        for (const message of held) message.touch();
      }, nsqd.msgTimeout / touchesPerTimeout);
      options.onChange();
    },
    onClosed() {
      clearInterval(toucher);
      // nsqd delivers them again; an answer to this delivery would not count.
      held.clear();
      options.onChange();
    },
    logger,
  });

  return {
    connected: () => link.current() !== undefined,
    limit(count) {
      limit = count;
      link.current()?.nsqd.setRdy(count);
    },
    async close() {
      isClosing = true;
      await link.close();
      clearInterval(toucher);
      held.clear();
    },
  };
}

function deliveryOf(message: Message, held: Set<Message>): Delivery {
  return {
    id: message.id,
    body: message.body,
    publishedAtMs: Number(message.timestamp / 1_000_000n),
    // nsqjs reads nsqd's unsigned 16 bits as signed.
    attempts: message.attempts & 0xffff,
    finish() {
      if (held.delete(message)) message.finish();
    },
    requeue(delayMs) {
      // Without `false` nsqjs would ask its Reader to back off.
      if (held.delete(message)) message.requeue(Math.max(0, Math.round(delayMs)), false);
    },
  };
}
