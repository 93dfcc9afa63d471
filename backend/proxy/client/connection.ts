/** Keeps a session with the ticket service: opens it, watches it, opens the next when it is lost, for ever. */
import { status } from '@grpc/grpc-js';
import { createListeners, type Listeners } from '../../../proto/listeners.ts';
import { hostAndPort } from '../../../proto/service-address.ts';
import { createRetries } from '../../backoff.ts';
import type { Agent, Presence } from '../../domain/agent.ts';
import { DeskError, mayPass } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { isLoopback } from '../../loopback.ts';
import { pause } from '../../pause.ts';
import { createTroubleLog } from '../../trouble-log.ts';
import { fromGrpc, isServiceError } from './grpc-errors.ts';
import { createLink, type Link } from './link.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { TicketEvent } from './types.ts';
import { remarkOn } from './versions.ts';

export interface Connection {
  readonly link: Link;
  readonly events: Pick<Listeners<TicketEvent>, 'add'>;
  readonly presence: Pick<Listeners<Presence>, 'add'>;
  /** Whose token this desk shows, as the last session was told. */
  tokenAgent(): Agent | undefined;
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
  return address.startsWith('unix:') || isLoopback(hostAndPort(address).host);
}

type Diagnose = (
  thrown: unknown,
  options: Pick<SessionOptions, 'address' | 'tls'> & { signal: AbortSignal },
) => Promise<DeskError | undefined>;

export interface ConnectionOptions extends SessionOptions {
  /** The queue on which this desk files what the service shall store; undefined: straight at the service. */
  queueTopic?: string | undefined;
  /** Finds out more about why no session could be opened; undefined: nothing more. */
  diagnose?: Diagnose | undefined;
  logger: Logger;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { backoff, patienceAtStartMs } = pace[isLocal(options.address) ? 'local' : 'remote'];
  const link = createLink({ patienceAtStartMs });
  const events = createListeners<TicketEvent>();
  const presence = createListeners<Presence>();
  const stopping = new AbortController();
  const retries = createRetries(backoff, stopping.signal);
  const trouble = createTroubleLog({
    logger: options.logger,
    fails: 'no link to the ticket service',
    works: 'linked to the ticket service',
  });
  link.onChange(({ state, reason }) => {
    if (state === 'OFFLINE' && reason !== null) trouble.fails(reason);
  });
  let current: Session | undefined;
  let tokenAgent: Agent | undefined;
  let resumeToken = '';

  function begin(session: Session): void {
    retries.succeeded();
    current = session;
    tokenAgent = session.agent;
    const { version, queueTopic } = options;
    const remark = remarkOn(session, { version, queueTopic });
    link.connected(session.version, remark);
    trouble.works({ version: session.version, remark });
  }

  /** Lasts as long as a session does. @throws what ended it, or let none begin. */
  async function attempt(): Promise<void> {
    const { signal } = stopping;
    const session = await openSession(options).catch(async (thrown: unknown) => {
      throw (await options.diagnose?.(thrown, { ...options, signal })) ?? thrown;
    });
    try {
      await session.service.follow({
        resumeToken,
        signal: AbortSignal.any([signal, session.lost]),
        onStart: () => begin(session),
        onEvent: events.emit,
        onPresence: presence.emit,
        onResumeToken: (token) => {
          resumeToken = token;
        },
      });
      session.lost.throwIfAborted();
    } finally {
      current = undefined;
      session.close();
    }
  }

  function explainLoss(thrown: unknown): void {
    if (stopping.signal.aborted) return;
    const error = fromGrpc(thrown, 'read');
    options.logger.debug({ err: error }, 'no link to the ticket service');
    link.lost(error.message, {
      isLasting: !mayPass(error) || error.details?.lasting === true,
      isRefused: error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN',
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await attempt().catch(explainLoss);
      await retries.pause();
    }
  }

  function now(): Session {
    if (current) return current;
    const { state, reason } = link.status();
    const words = reason ?? 'The ticket service has not started yet.';
    throw new DeskError('UNAVAILABLE', state === 'OFFLINE' ? `Offline. ${words}` : words, {
      details: { notSent: true },
    });
  }

  /** Resolves when the link changes, after `ms` at the latest. */
  async function change(ms: number): Promise<void> {
    const changed = new AbortController();
    const unsubscribe = link.onChange(() => changed.abort());
    await pause(ms, AbortSignal.any([changed.signal, stopping.signal]));
    unsubscribe();
  }

  const running = run();
  return {
    link,
    events,
    presence,
    tokenAgent: () => tokenAgent,
    current: now,
    async ready() {
      while (!current && link.status().state === 'CONNECTING' && !stopping.signal.aborted) {
        await change(1_000);
      }
      return now();
    },
    async replaced(session) {
      if (current === session) await change(500);
    },
    retryNow() {
      retries.succeeded();
      retries.now();
      if (current) void prove(current);
    },
    async close() {
      stopping.abort();
      link.close();
      await running;
    },
  };
}

/** Another network leaves a connection that looks open and carries nothing. */
async function prove(session: Session): Promise<void> {
  await session.call('HealthCheck', {}, { deadlineMs: proofMs }).catch((thrown: unknown) => {
    const isLost = isServiceError(thrown) && lossCodes.has(thrown.code);
    if (isLost) session.giveUp(thrown);
  });
}
