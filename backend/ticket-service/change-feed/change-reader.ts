/** Reads the changes of the tickets, once for the whole process, as soon as Postgres tells of them. */
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import type { ChangeLog, FeedPosition, TicketChange } from '../store/ticket-store.ts';

/** Looked at this often at least: what Postgres tells while the connection is down is lost. */
const pollMs = 2_000;
const leastHeldBackMs = 20;
/** Told of a change, it waits this long for more: one read for many writes leaves the database to the writers. */
const gatherMs = 15;
const batch = 500;

export interface ChangeReader {
  /** The last change that was read. */
  position(): FeedPosition;
  /** Resolves when nothing is being read any more. */
  stop(): Promise<void>;
}

export interface ChangeReaderOptions {
  changes: ChangeLog;
  logger: Logger;
  /** In order, none left out, the next batch after this one's promise has resolved. */
  onChanges(changes: readonly TicketChange[]): Promise<void>;
  /** Changes up to this position were missed. */
  onLost(position: FeedPosition): void;
  /** Whether the database answers; called when that changes. */
  onHealth(healthy: boolean): void;
}

/** Starts with the changes from now on. */
export async function startChangeReader(options: ChangeReaderOptions): Promise<ChangeReader> {
  const { changes, logger } = options;
  const stopping = new AbortController();
  let position = await changes.now();
  let healthy = true;
  let heldBackMs = leastHeldBackMs;
  let woken = new AbortController();

  /** Reads all there is; answers whether something waits for an older transaction. */
  async function readAll(): Promise<boolean> {
    for (;;) {
      const read = await changes.read(position, batch);
      if (read.lost) {
        position = await changes.now();
        logger.warn('changes of tickets were missed');
        options.onLost(position);
        continue;
      }
      await options.onChanges(read.changes);
      position = read.changes.at(-1)?.position ?? position;
      if (read.changes.length > 0) heldBackMs = leastHeldBackMs;
      if (read.changes.length < batch || stopping.signal.aborted) return read.heldBack;
    }
  }

  function setHealth(now: boolean): void {
    if (healthy !== now) options.onHealth(now);
    healthy = now;
  }

  /** Answers how long to wait for the next look (ms) unless something is told of before. */
  async function look(): Promise<number> {
    try {
      const isHeldBack = await readAll();
      setHealth(true);
      if (!isHeldBack) return pollMs;
      // Nobody tells of the end of the transaction that holds changes back, so it is looked for.
      const nextMs = heldBackMs;
      heldBackMs = Math.min(heldBackMs * 2, pollMs);
      return nextMs;
    } catch (err) {
      if (healthy) logger.warn({ err }, 'can not read the changes of the tickets');
      setHealth(false);
      return pollMs;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // What is told of from here on may be too late for this look.
      woken = new AbortController();
      await pause(await look(), woken.signal);
      if (woken.signal.aborted) await pause(gatherMs, signal);
    }
  }

  const stopListening = changes.onChange(() => woken.abort());
  const running = run(stopping.signal);
  return {
    position: () => position,
    async stop() {
      stopListening();
      stopping.abort();
      woken.abort();
      await running;
    },
  };
}
