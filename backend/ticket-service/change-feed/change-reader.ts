/** Reads the changes of the tickets, once for the whole process, as soon as Postgres tells of them. */
import type { Logger } from '../../logger.ts';
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
  let position = await changes.now();
  let healthy = true;
  let stopped = false;
  let reading: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let heldBackMs = leastHeldBackMs;

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
      if (read.changes.length < batch || stopped) return read.heldBack;
    }
  }

  async function readAndPlanNext(): Promise<void> {
    let nextMs = pollMs;
    try {
      // Nobody tells of the end of the transaction that holds changes back, so it is looked for.
      if (await readAll()) {
        nextMs = heldBackMs;
        heldBackMs = Math.min(heldBackMs * 2, pollMs);
      }
      setHealth(true);
    } catch (err) {
      if (healthy) logger.warn({ err }, 'can not read the changes of the tickets');
      setHealth(false);
    }
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, nextMs);
  }

  function setHealth(now: boolean): void {
    if (healthy !== now) options.onHealth(now);
    healthy = now;
  }

  function wake(): void {
    if (stopped) return;
    again = true;
    reading ??= (async () => {
      while (again && !stopped) {
        again = false;
        await readAndPlanNext();
      }
      reading = undefined;
    })();
  }

  function wakeSoon(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      wake();
    }, gatherMs);
  }

  const stopListening = changes.onChange(wakeSoon);
  wake();
  return {
    position: () => position,
    async stop() {
      stopped = true;
      stopListening();
      clearTimeout(timer);
      clearTimeout(gathering);
      await reading;
    },
  };
}
