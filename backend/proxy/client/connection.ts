/** Keeps a session with the ticket service: opens it, watches it, opens the next when it is lost, for ever. */
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import { backoffMs } from '../../backoff.ts';
import { createListeners, type Listeners } from '../listeners.ts';
import { fromGrpc, isUnimplemented } from './grpc-errors.ts';
import { createLink, type Link } from './link.ts';
import { openSession, type Session } from './session.ts';
import type { TicketEvent } from './types.ts';
import { poll, watch } from './watch.ts';

export interface Connection {
  readonly link: Link;
  readonly events: Pick<Listeners<TicketEvent>, 'add'>;
  /** The session that is there now. @throws DeskError UNAVAILABLE, with details.notSent. */
  current(): Session;
  /** As current(), but while the link is CONNECTING it waits for it. */
  ready(): Promise<Session>;
  /** Resolves when this session is not the current one any more, after 500 ms at the latest. */
  replaced(session: Session): Promise<void>;
  close(): Promise<void>;
}

/** On this computer a try costs nothing, the first one comes before the service has started, and the person waits for the list. */
const pace = {
  local: { backoff: { minMs: 50, maxMs: 100 }, patienceAtStartMs: 20_000 },
  remote: { backoff: { minMs: 200, maxMs: 5_000 }, patienceAtStartMs: 3_000 },
};

function isLocal(address: string): boolean {
  return /^(unix:|localhost:|127\.\d+\.\d+\.\d+:|\[::1\]:)/.test(address);
}

export function createConnection(options: {
  address: string;
  apiToken?: string;
  logger: Logger;
}): Connection {
  const { backoff, patienceAtStartMs } = pace[isLocal(options.address) ? 'local' : 'remote'];
  const link = createLink({ patienceAtStartMs });
  const events = createListeners<TicketEvent>();
  const turns = createListeners<void>();
  const stopping = new AbortController();
  let current: Session | undefined;
  let resumeToken = '';
  let failures = 0;

  function begin(session: Session): void {
    failures = 0;
    current = session;
    link.connected(session.version);
    options.logger.info({ version: session.version }, 'linked to the ticket service');
    turns.emit();
  }

  /** Lasts as long as the session does. @throws what ended it. */
  async function follow(session: Session): Promise<void> {
    const watching = {
      resumeToken,
      signal: stopping.signal,
      onStart: () => begin(session),
      onEvent: events.emit,
      onResumeToken: (token: string) => {
        resumeToken = token;
      },
    };
    if (session.version === null) return poll(session, watching);
    try {
      await watch(session, watching);
    } catch (thrown) {
      if (!isUnimplemented(thrown)) throw thrown;
      await poll(session, watching);
    }
  }

  async function attempt(): Promise<void> {
    let session: Session | undefined;
    try {
      session = await openSession(options.address, options.apiToken);
      await follow(session);
    } finally {
      current = undefined;
      session?.close();
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await attempt().catch((thrown: unknown) => {
        if (stopping.signal.aborted) return;
        const error = fromGrpc(thrown);
        options.logger.debug({ err: error }, 'no link to the ticket service');
        link.lost(error.message, { refused: error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN' });
        turns.emit();
      });
      failures += 1;
      await pause(backoffMs(failures, backoff), stopping.signal);
    }
  }

  function unavailable(): DeskError {
    const { state, reason } = link.status();
    const words = reason ?? 'The ticket service has not started yet.';
    return new DeskError('UNAVAILABLE', state === 'OFFLINE' ? `Offline. ${words}` : words, {
      details: { notSent: true },
    });
  }

  function now(): Session {
    if (current) return current;
    throw unavailable();
  }

  /** Resolves at the next turn of the connection, after `ms` at the latest. */
  function nextTurn(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = [turns.add(done), link.onChange(done)];
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        for (const stop of unsubscribe) stop();
        resolve();
      }
    });
  }

  const running = run();
  return {
    link,
    events,
    current: now,
    async ready() {
      while (!current && link.status().state === 'CONNECTING' && !stopping.signal.aborted) {
        await nextTurn(1_000);
      }
      return now();
    },
    async replaced(session) {
      if (current === session) await nextTurn(500);
    },
    async close() {
      stopping.abort();
      link.close();
      await running;
      turns.emit();
    },
  };
}
