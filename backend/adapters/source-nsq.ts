/**
 * Where a team's ticket service takes creates from: one NSQ channel that all of them share, at one nsqd, and at each
 * that nsqlookupd knows for the topic.
 */
import { isIPv6 } from 'node:net';
import type { Logger } from '../logger.ts';
import { pause } from '../pause.ts';
import type { OpenCreateSource } from '../ports/create-source.ts';
import type { NsqSecurity } from './nsq-options.ts';
import { type Subscription, subscribe } from './nsqd-subscription.ts';

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
const lookupTimeoutMs = 2_000;

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
        await pause(lookupEveryMs, closing.signal);
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

interface Producer {
  broadcast_address: string;
  tcp_port: number;
}

/**
 * Makes topic and channel known, so that an nsqd that begins the topic later begins the channel with it and keeps
 * every message for it; then finds each nsqd that has the topic.
 * By its HTTP API: https://nsq.io/components/nsqlookupd.html
 * @returns addresses as `host:port`
 * @throws Error: it does not answer, or not as a nsqlookupd does.
 */
async function findNsqds(
  lookupdAddress: string,
  names: { topic: string; channel: string },
  signal: AbortSignal,
): Promise<string[]> {
  const { topic, channel } = names;
  await ask('POST', `${lookupdAddress}/channel/create?topic=${topic}&channel=${channel}`, signal);
  const answer = await ask('GET', `${lookupdAddress}/lookup?topic=${topic}`, signal);
  const { producers }: { producers: Producer[] } = await answer.json();
  return producers.map(({ broadcast_address: host, tcp_port: port }) =>
    isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`,
  );
}

async function ask(method: string, address: string, signal: AbortSignal): Promise<Response> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(lookupTimeoutMs)]);
  const response = await fetch(`http://${address}`, { method, signal: limited });
  if (!response.ok) throw new Error(`nsqlookupd answered ${response.status}`);
  return response;
}
