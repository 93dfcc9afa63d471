/** The one connection on which Postgres tells that something changed. */
import pg from 'pg';
import type { Logger } from '../../logger.ts';
import { connectionConfig } from './database.ts';

const channel = 'ticket_changes';
const leastPauseMs = 200;
const mostPauseMs = 5_000;

export interface Listening {
  close(): Promise<void>;
}

/**
 * Listens for as long as it is not closed, connecting again whenever the connection breaks.
 * @param options.onChange something changed; also called after each connect, because what was told meanwhile is lost
 */
export function listen(options: { postgresUrl: string; logger: Logger; onChange: () => void }): Listening {
  const { logger, onChange } = options;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = leastPauseMs;
  let client: pg.Client;
  let connecting = connect();

  async function connect(): Promise<void> {
    const next = new pg.Client(connectionConfig(options.postgresUrl));
    client = next;
    next.on('notification', onChange);
    next.on('error', (err) => logger.debug({ err }, 'the connection that hears of changes broke'));
    // Comes once to each, whether it ever connected or not.
    next.on('end', connectLater);
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      pauseMs = leastPauseMs;
      if (!closed) onChange();
    } catch (err) {
      if (!closed) logger.warn({ err, pauseMs }, 'can not hear of changes yet');
      end(next);
    }
  }

  function connectLater(): void {
    if (closed) return;
    timer = setTimeout(() => {
      connecting = connect();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, mostPauseMs);
  }

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      // To be told to end while it connects, pg may never answer.
      await connecting;
      await end(client);
    },
  };
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
