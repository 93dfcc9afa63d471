/** The backend as the window sees it: open, on its way, or impossible to open. */
import type { Backups, DeskBackend, MoveUp } from '../backend/compose.ts';
import { DeskError, type ErrorCode, isUncertain, toDeskError } from '../backend/errors.ts';
import type { Logger } from '../backend/logger.ts';
import type { BackupSummary } from '../proto/desktop-bridge.ts';
import { createListeners } from '../proto/listeners.ts';

export type ComposeBackend = () => Promise<DeskBackend>;

export interface Backend {
  /** Passes a GraphQL request on, after waiting for a start that is under way. Never rejects. */
  handle(request: Request): Promise<Response>;
  /** Why the desk could not be opened, in words for the person; null once it is open. */
  problem(): Promise<string | null>;
  /** Stops the backend and composes it anew; requests meanwhile wait. What waits in the outbox is on disk. */
  reopen(): Promise<void>;
  /** How many creates wait to be stored, and how many can't be sent as they are; nothing of what is not open yet. */
  unsent(): { waiting: number; failed: number };
  /** Calls back when that may have changed. */
  onUnsent(listener: () => void): void;
  /** Those of this computer's tickets; undefined with another ticket service, and where the desk could not be opened. */
  backups(): Promise<Backups | undefined>;
  /** Calls back when something about them has changed. */
  onBackups(listener: () => void): void;
  /**
   * Puts a backup into this desk, and opens it anew: also where it is not known whether the backup is in it.
   * @throws DeskError as Backups.restore(); UNAVAILABLE: there are none here
   */
  restoreBackup(file: string): Promise<BackupSummary>;
  /** The move of this computer's tickets to a team's server; undefined with another ticket service, and where the desk could not be opened. */
  moveUp(): Promise<MoveUp | undefined>;
  /** Calls back when it has come further. */
  onMove(listener: () => void): void;
  /** Drops what is kept of tickets on this computer. */
  forgetKept(): Promise<void>;
  /** Tries the ways out at once, because something may be better than it was. */
  retryNow(): void;
  /** Stops the backend for good. Every caller waits for the same end; never rejects. */
  stop(): Promise<void>;
}

type State = { backend: DeskBackend } | { failure: DeskError };

const closing: State = {
  failure: new DeskError('UNAVAILABLE', 'Ticket Desk is closing. Start it again to go on.'),
};

export const noBackups =
  'Backups are made here of the tickets on this computer alone, and it is another ticket service that is in use.';

/** Starts the backend at once. */
export function openBackend(compose: ComposeBackend, logger: Logger): Backend {
  let stopped: Promise<void> | undefined;
  let open: DeskBackend | undefined;
  const told = {
    unsent: createListeners<void>(),
    backups: createListeners<void>(),
    move: createListeners<void>(),
  };
  const telling = (what: keyof typeof told) => (listener: () => void) =>
    void told[what].add(() => {
      try {
        listener();
      } catch (err) {
        logger.error({ err }, 'what listens to the desk failed');
      }
    });
  let state: Promise<State> = attempt();

  async function attempt(): Promise<State> {
    try {
      const backend = await compose();
      open = backend;
      backend.outbox.onChange(told.unsent.emit);
      backend.backups?.onChange(told.backups.emit);
      backend.moveUp?.onChange(told.move.emit);
      for (const { emit } of Object.values(told)) emit();
      return { backend };
    } catch (thrown) {
      logger.error({ err: thrown }, 'the desk could not be opened');
      return { failure: toDeskError(thrown) };
    }
  }

  async function close(last: State): Promise<void> {
    if (!('backend' in last)) return;
    await last.backend.stop().catch((err) => logger.error({ err }, 'the backend did not stop cleanly'));
  }

  async function reopen(): Promise<void> {
    state = state.then(async (before) => {
      await close(before);
      return stopped ? closing : attempt();
    });
    await state;
  }

  /** After a restore: what ticket service and proxy know is of the database before. */
  async function beginAnew(): Promise<void> {
    await reopen();
    await open?.forgetTickets();
  }

  async function part<Name extends 'backups' | 'moveUp'>(name: Name): Promise<DeskBackend[Name] | undefined> {
    const now = await state;
    return 'backend' in now ? now.backend[name] : undefined;
  }
  const backups = () => part('backups');

  return {
    async handle(request) {
      try {
        const now = await state;
        if ('failure' in now) return errorResponse('UNAVAILABLE', now.failure.message);
        return await now.backend.handle(request);
      } catch (thrown) {
        logger.error({ err: thrown }, 'a request failed');
        const error = toDeskError(thrown);
        return errorResponse(error.code, error.message);
      }
    },
    async problem() {
      const now = await state;
      return 'failure' in now ? now.failure.message : null;
    },
    reopen,
    backups,
    moveUp: () => part('moveUp'),
    onMove: telling('move'),
    onBackups: telling('backups'),
    async restoreBackup(file) {
      const ofDesk = await backups();
      if (!ofDesk) throw new DeskError('UNAVAILABLE', noBackups);
      try {
        const summary = await ofDesk.restore(file);
        await beginAnew();
        return summary;
      } catch (thrown) {
        if (isUncertain(thrown)) {
          await beginAnew();
          (await backups())?.tell(toDeskError(thrown).message);
        }
        throw thrown;
      }
    },
    unsent: () => open?.outbox.waiting() ?? { waiting: 0, failed: 0 },
    onUnsent: telling('unsent'),
    forgetKept: async () => open?.forgetKept(),
    retryNow: () => open?.retryNow(),
    stop() {
      stopped ??= (async () => {
        const last = state;
        state = Promise.resolve(closing);
        await close(await last);
      })();
      return stopped;
    },
  };
}

/** UNAVAILABLE goes with 200, GraphQL's usual: of anything else Apollo Client keeps the number and drops the text. */
const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  INTERNAL: 500,
};

/** A refusal in GraphQL's own shape, for requests that never reach the proxy. */
export function errorResponse(code: ErrorCode, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status: statuses[code] ?? 200 });
}
