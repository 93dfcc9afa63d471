/** Keeps one connection to one nsqd: when it breaks, or cannot be made, the next is tried, for ever. */
import { createRetries } from '../backoff.ts';
import type { Logger } from '../logger.ts';
import { createTroubleLog } from '../trouble-log.ts';
import type { ConnectionEvents } from './nsq-connection.ts';
import { reasonOf } from './nsq-options.ts';

/** At most so long, so that what waits goes out within 5 s of the link's return, a slow handshake included. */
const retryLimits = { minMs: 100, maxMs: 2_000 };
/** A connection that has stood so long counts as good: the next is tried at once. A full nsqd ends it at each publish. */
const provenMs = 5_000;

interface Endable {
  fail(reason: Error): void;
  end(): Promise<void>;
}

export interface NsqdLink<Connection> {
  /** Undefined while there is none that can be used. */
  current(): Connection | undefined;
  /** Why there is none, as a clause for the person. */
  reason(): string;
  /** Ends the pause before the next try, if there is one. */
  retryNow(): void;
  /** Resolves once what was written has arrived, or a second later. */
  close(): Promise<void>;
}

export interface NsqdLinkOptions<Connection> {
  /** `host:port`, for the log. */
  address: string;
  connect(events: ConnectionEvents): Promise<Connection>;
  onOpen?(connection: Connection): void;
  onClosed?(): void;
  logger: Logger;
}

export function keepConnected<Connection extends Endable>(
  options: NsqdLinkOptions<Connection>,
): NsqdLink<Connection> {
  const { address } = options;
  const closing = new AbortController();
  const retries = createRetries(retryLimits, closing.signal);
  let connection: Connection | undefined;
  let openedAtMs: number | undefined;
  let reason = 'it is being connected to';
  let proven: NodeJS.Timeout | undefined;
  const trouble = createTroubleLog({
    logger: options.logger.child({ nsqd: address }),
    fails: 'no connection to nsqd',
    works: 'connected to nsqd',
  });

  /** Resolves with the reason once the connection is closed, or was not made. */
  function connectOnce(): Promise<Error> {
    return new Promise((resolve) => {
      const opened = () => {
        openedAtMs = performance.now();
        proven = setTimeout(trouble.works, provenMs);
        if (connection) options.onOpen?.(connection);
      };
      options.connect({ onOpen: opened, onClosed: resolve }).then((made) => {
        connection = made;
        if (closing.signal.aborted) made.fail(new Error('it was ended'));
      }, resolve);
    });
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const error = await connectOnce();
      clearTimeout(proven);
      const wasOpenMs = openedAtMs === undefined ? undefined : performance.now() - openedAtMs;
      connection = undefined;
      openedAtMs = undefined;
      if (closing.signal.aborted) return;
      reason = reasonOf(error);
      trouble.fails(reason, { err: error });
      if (wasOpenMs !== undefined) options.onClosed?.();
      if (wasOpenMs !== undefined && wasOpenMs >= provenMs) retries.succeeded();
      await retries.pause();
    }
  }

  const running = run();
  return {
    current: () => (openedAtMs === undefined ? undefined : connection),
    reason: () => reason,
    retryNow: retries.now,
    async close() {
      closing.abort();
      if (openedAtMs === undefined) connection?.fail(new Error('it was ended'));
      else await connection?.end();
      await running;
    },
  };
}
