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
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = leastPauseMs;

  async function connect(): Promise<void> {
    const next = new pg.Client(connectionConfig(options.postgresUrl));
    client = next;
    next.on('notification', onChange);
    let broken = false;
    const again = () => {
      if (broken || closed) return;
      broken = true;
      timer = setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, mostPauseMs);
    };
    next.on('error', (err) => logger.warn({ err }, 'the connection that hears of changes broke'));
    next.on('end', again);
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      pauseMs = leastPauseMs;
      onChange();
    } catch (err) {
      if (!closed) logger.debug({ err }, 'can not listen for changes yet');
      await next.end().catch(() => {});
      again();
    }
  }

  const connecting = connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
      await connecting;
    },
  };
}
