/** Keeps a session with the ticket service: opens it, watches it, opens the next when it is lost, for ever. */
import { status } from '@grpc/grpc-js';
import { backoffMs } from '../../backoff.ts';
import { DeskError, mayPass } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import { createListeners, type Listeners } from '../listeners.ts';
import { tlsProblem } from './diagnosis.ts';
import { fromGrpc, isServiceError } from './grpc-errors.ts';
import { createLink, type Link } from './link.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { TicketEvent } from './types.ts';
import { remarkOn } from './versions.ts';

export interface Connection {
  readonly link: Link;
  readonly events: Pick<Listeners<TicketEvent>, 'add'>;
  /** The session that is there now. @throws DeskError UNAVAILABLE, with details.notSent. */
  current(): Session;
  /** As current(), but while the link is CONNECTING it waits for it. */
  ready(): Promise<Session>;
  /** Resolves when this session is not the current one any more, after 500 ms at the latest. */
  replaced(session: Session): Promise<void>;
  /** Ends the pause before the next try; a session that stands must answer, or it is given up. */
  retryNow(): void;
  close(): Promise<void>;
}

/** So long a session may take to show that it has lived through a sleep or a change of network. */
const proofMs = 2_000;
/** Codes of a call that got no answer; any other code is an answer. */
const lossCodes: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);

/** On this computer a try costs nothing, the first one comes before the service has started, and the person waits for the list. */
const pace = {
  local: { backoff: { minMs: 50, maxMs: 100 }, patienceAtStartMs: 20_000 },
  remote: { backoff: { minMs: 200, maxMs: 5_000 }, patienceAtStartMs: 3_000 },
};

function isLocal(address: string): boolean {
  return /^(unix:|localhost:|127\.\d+\.\d+\.\d+:|\[::1\]:)/.test(address);
}

export interface ConnectionOptions extends SessionOptions {
  /** The queue on which this desk files what the service shall store; undefined: straight at the service. */
  queueTopic?: string | undefined;
  logger: Logger;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { backoff, patienceAtStartMs } = pace[isLocal(options.address) ? 'local' : 'remote'];
  const link = createLink({ patienceAtStartMs });
  const events = createListeners<TicketEvent>();
  const turns = createListeners<void>();
  const stopping = new AbortController();
  let hurry = new AbortController();
  let current: Session | undefined;
  let resumeToken = '';
  let failures = 0;

  function begin(session: Session): void {
    failures = 0;
    current = session;
    const { version, queueTopic } = options;
    const remark = remarkOn(session, { version, queueTopic });
    link.connected(session.version, remark);
    options.logger.info({ version: session.version, remark }, 'linked to the ticket service');
    turns.emit();
  }

  /** Lasts as long as the session does. @throws what ended it. */
  async function follow(session: Session): Promise<void> {
    const watching = {
      resumeToken,
      signal: AbortSignal.any([stopping.signal, session.lost]),
      onStart: () => begin(session),
      onEvent: events.emit,
      onResumeToken: (token: string) => {
        resumeToken = token;
      },
    };
    await session.service.follow(watching);
    session.lost.throwIfAborted();
  }

  async function attempt(): Promise<void> {
    let session: Session | undefined;
    try {
      session = await openSession(options).catch(async (thrown: unknown) => {
        throw (await tlsProblem(thrown, { ...options, signal: stopping.signal })) ?? thrown;
      });
      await follow(session);
    } finally {
      current = undefined;
      session?.close();
    }
  }

  /** Another network leaves a connection that looks open and carries nothing. */
  async function prove(session: Session): Promise<void> {
    await session.call('HealthCheck', {}, { deadlineMs: proofMs }).catch((thrown: unknown) => {
      const isLost = isServiceError(thrown) && lossCodes.has(thrown.code);
      if (isLost) session.giveUp(thrown);
    });
  }

  function explainLoss(thrown: unknown): void {
    if (stopping.signal.aborted) return;
    const error = fromGrpc(thrown, 'read');
    options.logger.debug({ err: error }, 'no link to the ticket service');
    link.lost(error.message, { refused: !mayPass(error) || error.details?.lasting === true });
    turns.emit();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await attempt().catch(explainLoss);
      failures += 1;
      hurry = new AbortController();
      await pause(backoffMs(failures, backoff), AbortSignal.any([stopping.signal, hurry.signal]));
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
    retryNow() {
      failures = 0;
      hurry.abort();
      if (current) void prove(current);
    },
    async close() {
      stopping.abort();
      link.close();
      await running;
      turns.emit();
    },
  };
}
