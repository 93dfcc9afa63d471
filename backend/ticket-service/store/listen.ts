/** The one connection on which Postgres tells what happened, and which stands for this service as long as it lives. */
import { Socket } from 'node:net';
import pg from 'pg';
import { createRetries } from '../../backoff.ts';
import type { Logger } from '../../logger.ts';
import { connectionConfig } from './database.ts';

const backoff = { minMs: 200, maxMs: 5_000 };
/** For a statement, none of which waits for anything. After it the connection is made anew. */
const statementMs = 3_000;

export interface Listening {
  /** Runs one statement. @throws when there is no connection, or it breaks. */
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Listens for as long as it is not closed, connecting again whenever the connection breaks.
 * @param options.channels what to do when Postgres tells something on each
 * @param options.onConnect also after each connect: what was told meanwhile is lost
 * @param options.onBreak the connection is gone, and all that hung on it
 */
export function listen(options: {
  postgresUrl: string;
  logger: Logger;
  channels: Readonly<Record<string, (payload: string) => void>>;
  onConnect: () => void;
  onBreak: () => void;
}): Listening {
  const { logger, channels } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const retries = createRetries(backoff, signal);
  let client: pg.Client;
  let socket: Socket;
  let connecting = connect();

  async function connect(): Promise<void> {
    socket = new Socket();
    const stream = socket;
    const config = { ...connectionConfig(options.postgresUrl), stream: () => stream };
    const next = new pg.Client({ ...config, query_timeout: statementMs });
    client = next;
    next.on('notification', ({ channel, payload = '' }) => channels[channel]?.(payload));
    next.on('error', (err) => logger.debug({ err }, 'the connection that hears of changes broke'));
    // Comes once to each, whether it ever connected or not.
    next.on('end', connectLater);
    try {
      await next.connect();
      for (const channel of Object.keys(channels)) await next.query(`listen ${channel}`);
      retries.succeeded();
      if (!signal.aborted) options.onConnect();
    } catch (err) {
      if (!signal.aborted) logger.warn({ err }, 'can not hear of changes yet');
      end(next);
    }
  }

  async function connectLater(): Promise<void> {
    options.onBreak();
    await retries.pause();
    if (!signal.aborted) connecting = connect();
  }

  return {
    async query<Row extends pg.QueryResultRow>(text: string) {
      const [asked, stream] = [client, socket];
      try {
        return (await asked.query<Row>(text)).rows;
      } catch (thrown) {
        // What hangs on the connection is not known any more; and a peer that is silent is not waited for.
        stream.destroy();
        throw thrown;
      }
    },
    async close() {
      closing.abort();
      // To be told to end while it connects, pg may never answer.
      await connecting;
      await end(client);
    },
  };
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
