/** What happens elsewhere as one stream, which comes back by itself and says when something was missed. */
import type { ApolloClient, TypedDocumentNode } from '@apollo/client';
import { concat, map, merge, type Observable, type Subscription, throwError } from 'rxjs';
import {
  LinkChangesDocument,
  type LinkFieldsFragment,
  OutboxChangesDocument,
  PresenceChangesDocument,
  type PresenceChangesSubscription,
  QueuedWriteChangesDocument,
  TicketChangesDocument,
  type TicketChangesSubscription,
} from '../graphql/generated/operations.ts';
import { nowMs } from './clock.ts';
import type { OutboxChange, WriteChange } from './outbox-store.ts';

/** Who looks at one ticket. */
export type TicketPresence = PresenceChangesSubscription['presenceChanged'];
export type TicketChange = TicketChangesSubscription['ticketChanged'];

/** The link as the proxy tells it; `reachable` is false while the proxy itself does not answer. */
export interface LinkInfo extends LinkFieldsFragment {
  reachable: boolean;
}

export type LiveEvent =
  | { kind: 'ticket'; change: TicketChange }
  | { kind: 'outbox'; change: OutboxChange }
  | { kind: 'write'; change: WriteChange }
  | { kind: 'presence'; presence: TicketPresence }
  | { kind: 'link'; link: LinkFieldsFragment }
  /** Changes may have been missed. */
  | { kind: 'gap' };

/** Opens the stream. Its first link event says that all of it is there. */
export type LiveSource = () => Observable<LiveEvent>;

export interface LiveListener {
  onTicket(change: TicketChange): void;
  onOutbox(change: OutboxChange): void;
  onWrite(change: WriteChange): void;
  onPresence(presence: TicketPresence): void;
  onLink(link: LinkInfo): void;
  /** Changes may have been missed: read everything anew. */
  onMissed(): void;
}

const firstRetryMs = 250;
const maxRetryMs = 5_000;

const unreachable: LinkInfo = {
  state: 'OFFLINE',
  since: '',
  service: '',
  serviceVersion: null,
  reason: "Ticket Desk's own server does not answer. What you type is kept; it is tried again by itself.",
  obstacle: null,
  reachable: false,
};

/** Opens the stream at once, and again with growing pauses whenever it ends or fails. @returns stop. */
export function followLive(source: LiveSource, told: LiveListener): () => void {
  let stream: Subscription | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let lostSince: string | null = null;

  const onEvent = (event: LiveEvent) => {
    if (event.kind === 'ticket') told.onTicket(event.change);
    else if (event.kind === 'outbox') told.onOutbox(event.change);
    else if (event.kind === 'write') told.onWrite(event.change);
    else if (event.kind === 'presence') told.onPresence(event.presence);
    else if (event.kind === 'gap') told.onMissed();
    else {
      retryMs = firstRetryMs;
      told.onLink({ ...event.link, reachable: true });
      if (lostSince === null) return;
      lostSince = null;
      told.onMissed();
    }
  };
  const lost = () => {
    lostSince ??= new Date(nowMs()).toISOString();
    told.onLink({ ...unreachable, since: lostSince });
    retry = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, maxRetryMs);
  };
  const connect = () => {
    stream = source().subscribe({ next: onEvent, error: lost, complete: lost });
  };
  connect();
  return () => {
    clearTimeout(retry);
    stream?.unsubscribe();
  };
}

/** The events straight from the server: the subscriptions, which stand and fall together. */
export function serverEvents(client: ApolloClient): LiveSource {
  return () =>
    merge(
      subscribe(client, TicketChangesDocument, ({ ticketChanged }) => ({
        kind: 'ticket',
        change: ticketChanged,
      })),
      subscribe(client, OutboxChangesDocument, ({ outboxChanged }) => ({
        kind: 'outbox',
        change: outboxChanged,
      })),
      subscribe(client, QueuedWriteChangesDocument, ({ queuedWriteChanged }) => ({
        kind: 'write',
        change: queuedWriteChanged,
      })),
      subscribe(client, PresenceChangesDocument, ({ presenceChanged }) => ({
        kind: 'presence',
        presence: presenceChanged,
      })),
      // The link comes last: its first word says that the others are there too.
      subscribe(client, LinkChangesDocument, ({ linkChanged }) => ({ kind: 'link', link: linkChanged })),
    );
}

function subscribe<Data>(
  client: ApolloClient,
  query: TypedDocumentNode<Data, Record<string, never>>,
  toEvent: (data: Data) => LiveEvent,
): Observable<LiveEvent> {
  const events = client.subscribe({ query, fetchPolicy: 'no-cache' }).pipe(
    map((result) => {
      if (result.error) throw result.error;
      return toEvent(result.data as Data);
    }),
  );
  return concat(
    events,
    throwError(() => new Error('The server has ended the stream.')),
  );
}
