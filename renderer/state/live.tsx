/** What happens elsewhere, brought to this page: ticket changes into the cache, the outbox, the link. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { createListeners } from '../../proto/listeners.ts';
import {
  OutboxDocument,
  TicketDetailFragmentDoc,
  TicketRowFragmentDoc,
} from '../graphql/generated/operations.ts';
import { BulkJobs } from './bulk-jobs.ts';
import { coalesce } from './coalesce.ts';
import {
  followLive,
  type LinkInfo,
  type LiveSource,
  type TicketChange,
  type TicketPresence,
} from './live-feed.ts';
import { type OutboxChange, type OutboxState, OutboxStore, type WriteChange } from './outbox-store.ts';
import { Store, useStore } from './store.ts';

export type { LinkInfo, TicketChange } from './live-feed.ts';
export type { OutboxChange, OutboxEntry, OutboxState, QueuedWrite } from './outbox-store.ts';

/** A burst of changes becomes one write and one render. */
const burstMs = 100;

const connecting: LinkInfo = {
  state: 'CONNECTING',
  since: new Date().toISOString(),
  service: '',
  serviceVersion: null,
  reason: null,
  obstacle: null,
  reachable: true,
};

export interface LiveOptions {
  source: LiveSource;
  /** What the page is linked to, where that is known from the beginning: drafts are kept under it. */
  service?: string;
  /** Another ticket service stands behind the page: its tickets are others, whatever their numbers. */
  onSwitch(): void;
}

export class Live {
  readonly outbox = new OutboxStore();
  readonly bulk: BulkJobs;
  readonly #client: ApolloClient;
  readonly #stopFeed: () => void;
  readonly #reset = createListeners<void>();
  readonly #outboxChange = createListeners<OutboxChange>();
  readonly #writeChange = createListeners<WriteChange>();
  readonly #changes = createListeners<readonly TicketChange[]>();
  readonly #onSwitch: () => void;
  readonly #burst = coalesce<TicketChange>({
    delayMs: burstMs,
    keyOf: (change) => (change.kind === 'RESET' ? 'reset' : String(change.id)),
    flush: (changes) => this.#flush(changes),
  });
  readonly link: Store<LinkInfo>;
  /** Who looks at each ticket that somebody looks at. */
  readonly presence = new Store<ReadonlyMap<number, TicketPresence['present']>>(new Map());

  constructor(client: ApolloClient, { source, service = '', onSwitch }: LiveOptions) {
    this.link = new Store({ ...connecting, service });
    this.#client = client;
    this.bulk = new BulkJobs(client);
    this.#onSwitch = onSwitch;
    this.#stopFeed = followLive(source, {
      onTicket: (change) => this.#burst.add(change),
      onOutbox: (change) => {
        this.outbox.apply(change);
        this.#outboxChange.emit(change);
      },
      onWrite: (change) => {
        this.outbox.applyWrite(change);
        this.#writeChange.emit(change);
      },
      onPresence: ({ ticketId, present }) => {
        this.presence.set(new Map(this.presence.state()).set(ticketId, present));
      },
      onMissed: () => this.#readAnew(),
      onLink: (link) => this.#setLink(link),
    });
    this.#readAnew();
  }

  /** Every change of an outbox entry, the last one included. */
  readonly onOutboxChange = this.#outboxChange.add;
  /** Every change of a comment or change that waits, its leaving included. */
  readonly onWriteChange = this.#writeChange.add;
  /** Changes were missed: read everything anew. */
  readonly onReset = this.#reset.add;
  /** Changes by the burst, after the cache has them. */
  readonly onTicketChanges = this.#changes.add;

  stop(): void {
    this.#stopFeed();
    this.bulk.stop();
    this.#burst.stop();
  }

  #setLink(link: LinkInfo): void {
    const before = this.link.state();
    // While the proxy is away, what it was linked to stays known.
    const service = link.reachable ? link.service : before.service;
    this.link.set({ ...link, service });
    if (before.service !== '' && service !== before.service) {
      this.#onSwitch();
      return;
    }
    // While the service was away other people went on: what is on the screen may be old. So it may be after
    // the first word of all, for what changed between the first reading and now.
    if (link.state === 'CONNECTED' && before.state !== 'CONNECTED' && before.reachable) this.#readAnew();
  }

  #readAnew(): void {
    void this.#readOutbox();
    void this.bulk.read();
    this.#reset.emit();
  }

  async #readOutbox(): Promise<void> {
    // What is told while the answer is on its way may be newer than the answer.
    const meanwhile: (() => void)[] = [];
    const stops = [
      this.onOutboxChange((change) => meanwhile.push(() => this.outbox.apply(change))),
      this.onWriteChange((change) => meanwhile.push(() => this.outbox.applyWrite(change))),
    ];
    try {
      const { data } = await this.#client.query({ query: OutboxDocument, fetchPolicy: 'no-cache' });
      if (!data) return;
      this.outbox.replace(data.outbox);
      for (const applyAgain of meanwhile) applyAgain();
    } catch {
      // The feed tells that the proxy is away, and this is called again when it is back.
    } finally {
      for (const stop of stops) stop();
    }
  }

  #flush(changes: readonly TicketChange[]): void {
    const { cache } = this.#client;
    this.bulk.heed(changes.length);
    cache.batch({
      update: () => {
        for (const { ticket } of changes) if (ticket) this.#write(ticket);
      },
    });
    if (changes.some((change) => change.kind === 'RESET')) this.#reset.emit();
    this.#changes.emit(changes.filter((change) => change.kind !== 'RESET'));
  }

  /** A change that comes late must not undo the answer to a later write of our own. */
  #write(ticket: NonNullable<TicketChange['ticket']>): void {
    const { cache } = this.#client;
    const id = cache.identify({ __typename: 'Ticket', id: ticket.id });
    if (!id) return;
    const known = cache.readFragment({ id, fragment: TicketRowFragmentDoc });
    if (known?.version != null && ticket.version != null && known.version > ticket.version) return;
    cache.writeFragment({
      id,
      fragment: TicketDetailFragmentDoc,
      fragmentName: 'TicketDetail',
      data: { ...ticket, __typename: 'Ticket' } as never,
    });
  }
}

const LiveContext = createContext<Live | null>(null);

/** Subscribes for as long as it is there. The options are read once. */
export function LiveProvider({ children, ...options }: LiveOptions & { children: ReactNode }) {
  const client = useApolloClient();
  const [live, setLive] = useState<Live | null>(null);
  const firstOptions = useRef(options);
  useEffect(() => {
    const started = new Live(client, firstOptions.current);
    setLive(started);
    return () => started.stop();
  }, [client]);
  return live ? <LiveContext value={live}>{children}</LiveContext> : null;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider above it');
  return live;
}

/** The creates that wait, oldest first, with their counts. */
export function useOutbox(): OutboxState {
  return useStore(useLive().outbox);
}

/** Calls back with every burst of ticket changes, after the cache has them. */
export function useTicketChanges(listener: (changes: readonly TicketChange[]) => void): void {
  const live = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => live.onTicketChanges((changes) => latest.current(changes)), [live]);
}

/** Why nothing can be kept that is said of a ticket; null when it can, with a link to the service or without. */
export function useUnkept(): string | null {
  const { reachable, reason } = useLink();
  return reachable ? null : reason;
}

/** Why what needs the ticket service's answer can't be done now, such as to delete; null when it can. */
export function useBlocked(): string | null {
  const { state } = useLink();
  if (state === 'CONNECTED') return null;
  return state === 'CONNECTING'
    ? 'Connecting: this can be done in a moment.'
    : 'Offline: this can be done when the link is back.';
}

/** CONNECTING, CONNECTED or OFFLINE, since when, to what, and why not. */
export function useLink(): LinkInfo {
  return useStore(useLive().link);
}

/** Why nothing that was filed goes out at the moment, in an operator's words; null while it does. */
export function useBlockedBy(): string | null {
  const { blockedBy } = useOutbox();
  const { state, reason } = useLink();
  return blockedBy ?? (state === 'CONNECTED' ? null : (reason ?? 'The ticket service has not answered yet.'));
}
