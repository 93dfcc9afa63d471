/**
 * The queue of a team: creates go to one nsqd, on a topic that any number of ticket services share. nsqd's OK is not
 * the last word: a killed nsqd can lose what it accepted, so the outbox waits until the ticket is seen.
 */
import { createListeners } from '../../proto/listeners.ts';
import { encodeCreate } from '../domain/create-message.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import { connectToPublish, type PublishConnection } from './nsq-connection.ts';
import { type NsqSecurity, parseAddress, reasonOf } from './nsq-options.ts';
import { keepConnected } from './nsqd-link.ts';

export interface NsqQueueOptions extends NsqSecurity {
  /** `host:port` */
  nsqdAddress: string;
  /** 1 to 64 letters, digits, ".", "_" or "-". */
  topic: string;
  logger: Logger;
}

/**
 * How long nsqd may take for its OK. After that the connection is given up, and all that waits on it: a link that
 * was cut in silence is found out only so, and comes back only by a new connection.
 */
const publishTimeoutMs = 3_000;
/** nsqd's own default (--max-msg-size); a larger one costs the connection. */
const maxBodyBytes = 1_048_576;

/** Connects in the background and goes on trying for ever; a publish without a connection fails at once. */
export function nsqQueue(options: NsqQueueOptions): CreateQueue {
  const { nsqdAddress, topic, logger, tls, authSecret } = options;
  const opened = createListeners<void>();
  const link = keepConnected<PublishConnection>({
    address: nsqdAddress,
    connect: (events) => connectToPublish(parseAddress(nsqdAddress), { tls, authSecret }, events),
    onOpen: () => opened.emit(),
    logger,
  });
  const text = (reason: string) =>
    `The queue (nsqd at ${nsqdAddress}) takes nothing just now: ${reason}; what is filed waits here and goes out by itself.`;

  return {
    async publish(create, { signal }) {
      signal.throwIfAborted();
      const body = Buffer.from(encodeCreate(create));
      if (body.length > maxBodyBytes) throw tooLarge();
      const connection = link.current();
      if (!connection) {
        throw new DeskError('UNAVAILABLE', text(link.reason()), { details: { notSent: true } });
      }
      try {
        await publishOn(connection, { topic, body, signal });
      } catch (thrown) {
        signal.throwIfAborted();
        const error = thrown as Error;
        if (/^E_BAD_MESSAGE\b/.test(error.message)) throw tooLarge(error);
        throw new DeskError('UNAVAILABLE', text(reasonOf(error)), { cause: error });
      }
      return { state: 'accepted' };
    },
    onOpen: opened.add,
    retryNow: () => link.retryNow(),
    close: () => link.close(),
  };
}

/**
 * One PUB. They are not gathered into MPUBs: 64 at once make 48,000 a second as they are, on two cores with nsqd
 * beside, and each has its own answer so.
 */
function publishOn(
  connection: PublishConnection,
  message: { topic: string; body: Buffer; signal: AbortSignal },
): Promise<void> {
  const { topic, body, signal } = message;
  return new Promise((resolve, reject) => {
    const aborted = () => answered(signal.reason);
    const timer = setTimeout(() => connection.fail(new Error('no answer in time')), publishTimeoutMs);
    const answered = (error: Error | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (error) reject(error);
      else resolve();
    };
    signal.addEventListener('abort', aborted, { once: true });
    // What is published in one turn goes out in one write.
    const { conn } = connection.nsqd;
    conn?.cork();
    connection.nsqd.produceMessages(topic, [body], undefined, answered);
    process.nextTick(() => conn?.uncork());
  });
}

function tooLarge(cause?: Error): DeskError {
  return new DeskError('BAD_USER_INPUT', 'This ticket is too long for the queue. Shorten the description.', {
    field: 'description',
    cause,
  });
}
