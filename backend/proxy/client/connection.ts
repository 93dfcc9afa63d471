/** Keeps a session with the ticket service: opens it, watches it, opens the next when it is lost, for ever. */
import { status } from '@grpc/grpc-js';
import { createListeners } from '../../../proto/listeners.ts';
import { hostAndPort } from '../../../proto/service-address.ts';
import { createRetries, type Retries } from '../../backoff.ts';
import type { Agent, Presence } from '../../domain/agent.ts';
import { DeskError, mayPass } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { isLoopback } from '../../loopback.ts';
import { pause } from '../../pause.ts';
import { createTroubleLog, type TroubleLog } from '../../trouble-log.ts';
import { fromGrpc, isServiceError } from './grpc-errors.ts';
import { createLink, type Link } from './link.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { LinkStatus, TicketEvent } from './types.ts';
import { remarkOn } from './versions.ts';

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

export class Connection {
  readonly link: Link;
  readonly #options: ConnectionOptions;
  readonly #events = createListeners<TicketEvent>();
  readonly #presence = createListeners<Presence>();
  readonly #stopping = new AbortController();
  readonly #retries: Retries;
  readonly #trouble: TroubleLog;
  readonly #running: Promise<void>;
  #current: Session | undefined;
  #tokenAgent: Agent | undefined;
  #resumeToken = '';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { backoff, patienceAtStartMs } = pace[isLocal(options.address) ? 'local' : 'remote'];
    this.link = createLink({ patienceAtStartMs });
    this.#retries = createRetries(backoff, this.#stopping.signal);
    this.#trouble = createTroubleLog({
      logger: options.logger,
      fails: 'no link to the ticket service',
      works: 'linked to the ticket service',
    });
    this.link.onChange(({ state, reason }) => {
      if (state === 'OFFLINE' && reason !== null) this.#trouble.fails(reason);
    });
    this.#running = this.#run();
  }

  readonly onTicket = this.#events.add;
  readonly onPresence = this.#presence.add;

  /** Whose token this desk shows, as the last session was told. */
  tokenAgent(): Agent | undefined {
    return this.#tokenAgent;
  }

  /** The session that is there now. @throws DeskError UNAVAILABLE, with details.notSent. */
  current(): Session {
    if (this.#current) return this.#current;
    const { state, reason } = this.link.status();
    const words = reason ?? 'The ticket service has not started yet.';
    throw new DeskError('UNAVAILABLE', state === 'OFFLINE' ? `Offline. ${words}` : words, {
      details: { notSent: true },
    });
  }

  /** As current(), but while the link is CONNECTING it waits for it. */
  async ready(): Promise<Session> {
    const { signal } = this.#stopping;
    while (!this.#current && this.link.status().state === 'CONNECTING' && !signal.aborted)
      await this.#linkChange(1_000);
    return this.current();
  }

  /** Resolves when this session is not the current one any more, after 500 ms at the latest. */
  async replaced(session: Session): Promise<void> {
    if (this.#current === session) await this.#linkChange(500);
  }

  /** Ends the pause before the next try; a session that stands must answer, or it is given up. */
  retryNow(): void {
    this.#retries.succeeded();
    this.#retries.now();
    if (this.#current) void prove(this.#current);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.link.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#attempt().catch((thrown) => this.#explainLoss(thrown));
      await this.#retries.pause();
    }
  }

  /** Lasts as long as a session does. @throws what ended it, or let none begin. */
  async #attempt(): Promise<void> {
    const options = this.#options;
    const { signal } = this.#stopping;
    const session = await openSession(options).catch(async (thrown: unknown) => {
      throw (await options.diagnose?.(thrown, { ...options, signal })) ?? thrown;
    });
    try {
      await session.service.follow({
        resumeToken: this.#resumeToken,
        signal: AbortSignal.any([signal, session.lost]),
        onStart: () => this.#begin(session),
        onEvent: this.#events.emit,
        onPresence: this.#presence.emit,
        onResumeToken: (token) => {
          this.#resumeToken = token;
        },
      });
      session.lost.throwIfAborted();
    } finally {
      this.#current = undefined;
      session.close();
    }
  }

  #begin(session: Session): void {
    this.#retries.succeeded();
    this.#current = session;
    this.#tokenAgent = session.agent;
    const { version, queueTopic } = this.#options;
    const remark = remarkOn(session, { version, queueTopic });
    this.link.connected(session.version, remark);
    this.#trouble.works({ version: session.version, remark });
  }

  #explainLoss(thrown: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const error = fromGrpc(thrown, 'read');
    this.#options.logger.debug({ err: error }, 'no link to the ticket service');
    this.link.lost(error.message, obstacleOf(error));
  }

  /** Resolves when the link changes, after `ms` at the latest. */
  async #linkChange(ms: number): Promise<void> {
    const changed = new AbortController();
    const unsubscribe = this.link.onChange(() => changed.abort());
    await pause(ms, AbortSignal.any([changed.signal, this.#stopping.signal]));
    unsubscribe();
  }
}

function obstacleOf(error: DeskError): LinkStatus['obstacle'] {
  if (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN') return 'REFUSED';
  return !mayPass(error) || error.details?.lasting === true ? 'SETUP' : null;
}

/** Another network leaves a connection that looks open and carries nothing. */
async function prove(session: Session): Promise<void> {
  await session.call('HealthCheck', {}, { deadlineMs: proofMs }).catch((thrown: unknown) => {
    const isLost = isServiceError(thrown) && lossCodes.has(thrown.code);
    if (isLost) session.giveUp(thrown);
  });
}
