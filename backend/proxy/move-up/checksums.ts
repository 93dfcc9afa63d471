/** Checksums that are equal when a ticket arrived unchanged, whatever numbers it and its comments have there. */
import { createHash } from 'node:crypto';
import { fieldNames } from '../../../proto/ticket-fields.ts';
import { uuidOfText } from '../../uuid-of-text.ts';
import type { ExportedTicket, TicketToImport } from '../client/types.ts';
import type { Summary } from './move-record.ts';

export function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Without the line of the history that the import itself has written. */
export function summaryOf(
  { ticket, comments, changes }: ExportedTicket,
  { isImported = false } = {},
): Summary {
  const requests = new Map(comments.map(({ id, requestId }) => [String(id), requestId]));
  const own = isImported ? changes.findLastIndex(({ field }) => field === 'IMPORTED') : -1;
  const values = fieldNames.map((name) => ticket[name]);
  return {
    tickets: summed([[...values, ticket.createdAt, ticket.updatedAt, ticket.version]]),
    comments: summed(
      comments.map(({ author, ...comment }) => [
        comment.requestId,
        comment.kind,
        comment.body,
        author?.id ?? null,
        comment.createdAt,
        comment.editedAt,
      ]),
    ),
    history: summed(
      changes
        .filter((_, at) => at !== own)
        .map(({ by, field, from, to, fromId = from, toId = to, ...change }) => [
          change.at,
          by?.id ?? null,
          field,
          fromId,
          field === 'COMMENTED' ? (requests.get(to ?? '') ?? null) : toId,
          change.version,
        ]),
    ),
  };
}

function summed(parts: readonly unknown[]) {
  return { count: parts.length, checksum: sha256(parts) };
}

/**
 * With the request id by which it is moved only once: its own, or for a ticket of an older peer, which has none, one
 * made of what never changes.
 */
export function toMove({ ticket, ...thread }: ExportedTicket): TicketToImport {
  const requestId =
    ticket.requestId ?? uuidOfText(JSON.stringify(['moved ticket', ticket.id, ticket.createdAt]));
  return { ticket: { ...ticket, requestId }, ...thread };
}
