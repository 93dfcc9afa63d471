/**
 * Where a team's ticket service takes creates from: one NSQ channel that all of them share, at one nsqd, and at each
 * that nsqlookupd knows for the topic.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import type { OpenCreateSource } from '../ports/create-source.ts';
import type { NsqSecurity } from './nsq-options.ts';
import { type Subscription, subscribe } from './nsqd-subscription.ts';
import { findNsqds } from './nsqlookupd.ts';

export interface NsqSourceOptions extends NsqSecurity {
  /** `host:port`; taken from in any case. */
  nsqdAddress: string | undefined;
  /** `host:port` of each nsqlookupd's HTTP; all are asked, and what one of them knows counts. */
  lookupdAddresses: readonly string[];
  topic: string;
  channel: string;
  logger: Logger;
}

/** How often nsqlookupd is asked; nsqd itself tells it within moments. */
const lookupEveryMs = 2_000;

/**
 * Topic and channel are made where they are missing. maxInFlight is shared evenly among the nsqds that are connected,
 * each getting at least one.
 */
export function nsqSource(options: NsqSourceOptions): OpenCreateSource {
  const { nsqdAddress, lookupdAddresses, logger } = options;
  return ({ onDelivery, maxInFlight }) => {
    const subscriptions = new Map<string, Subscription>();
    const closing = new AbortController();
    let isPaused = false;

    const connected = () => [...subscriptions.values()].filter((one) => one.connected());
    const share = () => {
      const open = connected();
      const each = isPaused ? 0 : Math.max(1, Math.floor(maxInFlight / open.length));
      for (const subscription of open) subscription.limit(each);
    };
    const add = (address: string) => {
      if (subscriptions.has(address)) return;
      subscriptions.set(address, subscribe({ ...options, address, onDelivery, onChange: share }));
    };

    /** One that is neither connected nor known to any nsqlookupd any more is gone for good. */
    const forget = async (known: readonly string[]) => {
      for (const [address, subscription] of subscriptions) {
        if (address === nsqdAddress || known.includes(address) || subscription.connected()) continue;
        subscriptions.delete(address);
        await subscription.close();
      }
    };

    const lookUp = async () => {
      while (!closing.signal.aborted) {
        const answers = await Promise.allSettled(
          lookupdAddresses.map((address) => findNsqds(address, options, closing.signal)),
        );
        if (closing.signal.aborted) return;
        const known = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
        for (const address of known) add(address);
        const failed = answers.find((answer) => answer.status === 'rejected');
        if (failed) logger.debug({ err: failed.reason }, 'no answer of nsqlookupd');
        else await forget(known);
        await delay(lookupEveryMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    };

    if (nsqdAddress !== undefined) add(nsqdAddress);
    const lookingUp = lookupdAddresses.length > 0 ? lookUp() : Promise.resolve();

    return {
      connected: () => connected().length > 0,
      pause() {
        isPaused = true;
        share();
      },
      async close() {
        closing.abort();
        await lookingUp;
        await Promise.all([...subscriptions.values()].map((one) => one.close()));
      },
    };
  };
}
