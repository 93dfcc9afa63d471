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
  /** Gives back what is held. Resolves once nsqd knows of that, and of all that was finished. */
  close(): Promise<void>;
}

/** However often it is touched, nsqd lets a message time out after --max-msg-timeout (15 min). */
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
      // nsqd itself would keep them until they time out.
      for (const message of held) giveBack(message, held, 0);
      await link.close();
      clearInterval(toucher);
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
      giveBack(message, held, delayMs);
    },
  };
}

function giveBack(message: Message, held: Set<Message>, delayMs: number): void {
  // Without `false` nsqjs would ask its Reader to back off.
  if (held.delete(message)) message.requeue(Math.max(0, Math.round(delayMs)), false);
}
