/** What a watcher is told, and the place from which it can go on after it. */
import type { Ticket } from '../../domain/ticket.ts';
import type { FeedPosition, TicketChange } from '../store/ticket-store.ts';

export type FeedEvent = { position: FeedPosition } & (
  | { kind: 'HEARTBEAT' | 'RESET' }
  | { kind: 'CREATED' | 'UPDATED'; ticket: Ticket }
  | { kind: 'DELETED'; id: number }
);

/** Undefined for a change of a ticket that was deleted since: its deletion follows. */
export function toEvent(change: TicketChange): FeedEvent | undefined {
  const { position, kind, id, ticket } = change;
  if (kind === 'DELETED') return { kind, position, id };
  return ticket && { kind, position, ticket };
}

export function isAfter(a: FeedPosition, b: FeedPosition): boolean {
  return a.xact === b.xact ? a.seq > b.seq : a.xact > b.xact;
}
