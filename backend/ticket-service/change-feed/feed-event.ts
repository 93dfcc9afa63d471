/** What a watcher is told, and the place from which it can go on after it. */
import type { Presence } from '../../domain/agent.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { FeedPosition, StoredComment, TicketChange } from '../store/ticket-store.ts';

export type FeedEvent = { position: FeedPosition } & (
  | { kind: 'HEARTBEAT' | 'RESET' }
  | { kind: 'PRESENCE'; presence: Presence }
  | { kind: 'CREATED' | 'UPDATED'; ticket: Ticket; comment: StoredComment | undefined }
  | { kind: 'DELETED'; id: number }
);

/** Undefined for a change of a ticket that was deleted since: its deletion follows. */
export function toEvent(change: TicketChange): FeedEvent | undefined {
  const { position, kind, id, ticket, comment } = change;
  if (kind === 'DELETED') return { kind, position, id };
  return ticket && { kind, position, ticket, comment };
}

export function isAfter(a: FeedPosition, b: FeedPosition): boolean {
  return a.xact === b.xact ? a.seq > b.seq : a.xact > b.xact;
}

const tokenForm = /^([0-9a-f-]{36})\.(\d{1,20})\.(\d{1,19})$/;
const maxXact = 2n ** 64n - 1n;
const maxSeq = 2n ** 63n - 1n;

/** A place in the feed as text that callers hand back without looking into it. */
export function encodeToken(feedId: string, { xact, seq }: FeedPosition): string {
  return Buffer.from(`${feedId}.${xact}.${seq}`).toString('base64url');
}

/** @throws DeskError BAD_USER_INPUT resumeToken */
export function decodeToken(token: string): { feedId: string; position: FeedPosition } {
  const [, feedId, xact, seq] = tokenForm.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (feedId !== undefined && xact !== undefined && seq !== undefined) {
    const position = { xact: BigInt(xact), seq: BigInt(seq) };
    if (position.xact <= maxXact && position.seq <= maxSeq) return { feedId, position };
  }
  throw new DeskError(
    'BAD_USER_INPUT',
    'The resume token is none that this service gave. Leave it out to watch from now on.',
    { field: 'resumeToken' },
  );
}
