/** The three subscriptions of the page, as one thing that comes back by itself and says when something was missed. */
import type { ApolloClient, TypedDocumentNode } from '@apollo/client';
import { map, type Observable, type Subscription } from 'rxjs';
import {
  LinkChangesDocument,
  type LinkFieldsFragment,
  OutboxChangesDocument,
  TicketChangesDocument,
  type TicketChangesSubscription,
} from '../graphql/generated/operations.ts';
import { emitter } from './emitter.ts';
import type { OutboxChange } from './outbox-store.ts';

export type TicketChange = TicketChangesSubscription['ticketChanged'];

/** The link as the proxy tells it; `reachable` is false while the proxy itself does not answer. */
export interface LinkInfo extends LinkFieldsFragment {
  reachable: boolean;
}

const firstRetryMs = 250;
const maxRetryMs = 5_000;

export interface LiveFeed {
  onTicket(listener: (change: TicketChange) => void): () => void;
  onOutbox(listener: (change: OutboxChange) => void): () => void;
  onLink(listener: (link: LinkInfo) => void): () => void;
  /** Changes may have been missed while the proxy was away: read everything anew. */
  onMissed(listener: () => void): () => void;
  /** Tries now instead of when the next try is due. */
  reconnect(): void;
  stop(): void;
}

/** Where the events come from: the server, or another tab that has them (state/tab-share.ts). */
export interface LiveSource {
  tickets: () => Observable<TicketChange>;
  outbox: () => Observable<OutboxChange>;
  link: () => Observable<LinkFieldsFragment>;
}

const unreachable: LinkInfo = {
  state: 'OFFLINE',
  since: '',
  service: '',
  serviceVersion: null,
  reason: "Ticket Desk's own server does not answer. What you type is kept; it is tried again by itself.",
  reachable: false,
};

/** Subscribes; answers at once. A stream that ends or fails takes the others with it, and all come back together. */
export function startLiveFeed(source: LiveSource): LiveFeed {
  const tickets = emitter<TicketChange>();
  const outbox = emitter<OutboxChange>();
  const link = emitter<LinkInfo>();
  const missed = emitter<void>();
  let streams: Subscription[] = [];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let lostSince: string | null = null;
  let stopped = false;

  const close = () => {
    for (const stream of streams) stream.unsubscribe();
    streams = [];
    clearTimeout(retry);
    retry = undefined;
  };
  const lost = () => {
    if (stopped || retry) return;
    close();
    lostSince ??= new Date().toISOString();
    link.emit({ ...unreachable, since: lostSince });
    retry = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, maxRetryMs);
  };
  const open = <Event>(stream: Observable<Event>, next: (event: Event) => void) =>
    streams.push(stream.subscribe({ next, error: lost, complete: lost }));
  const connect = () => {
    close();
    if (stopped) return;
    open(source.tickets(), (change) => tickets.emit(change));
    open(source.outbox(), (change) => outbox.emit(change));
    // The link comes last: its first word says that the others are there too.
    open(source.link(), (now) => {
      retryMs = firstRetryMs;
      link.emit({ ...now, reachable: true });
      if (lostSince === null) return;
      lostSince = null;
      missed.emit();
    });
  };
  connect();
  return {
    onTicket: tickets.listen,
    onOutbox: outbox.listen,
    onLink: link.listen,
    onMissed: missed.listen,
    reconnect() {
      if (retry) connect();
    },
    stop() {
      stopped = true;
      close();
    },
  };
}

/** The events straight from the server. */
export function serverSource(client: ApolloClient): LiveSource {
  return {
    tickets: () => subscribe(client, TicketChangesDocument, (data) => data.ticketChanged),
    outbox: () => subscribe(client, OutboxChangesDocument, (data) => data.outboxChanged),
    link: () => subscribe(client, LinkChangesDocument, (data) => data.linkChanged),
  };
}

function subscribe<Data, Event>(
  client: ApolloClient,
  query: TypedDocumentNode<Data, Record<string, never>>,
  pick: (data: Data) => Event,
): Observable<Event> {
  return client.subscribe({ query, fetchPolicy: 'no-cache' }).pipe(
    map((result) => {
      if (result.error) throw result.error;
      return pick(result.data as Data);
    }),
  );
}
