/** A comment or change that waits, as it stands on the disk: one JSON value under its request id. */
import * as z from 'zod';
import type { TicketChanges } from '../../domain/ticket.ts';
import type { KnownTicket } from '../client/types.ts';
import { agentShape } from '../outbox/outbox-record.ts';
import { recordForm } from '../outbox/record-form.ts';

const common = {
  /** Order in which they were made. */
  sequence: z.number().int().nonnegative(),
  createdAt: z.string(),
  /** Whose it is; records of nobody known have none. */
  agent: agentShape.optional(),
  /** Of the ticket; null while the create that it waits for has none. */
  ticketId: z.number().int().nullable(),
  /** Of the create that becomes the ticket. */
  ticketRequestId: z.string().nullable(),
  state: z.enum(['QUEUED', 'FAILED']),
  attempts: z.number().int().nonnegative(),
  lastError: z.string().nullable(),
  lastErrorField: z.string().nullable(),
};

const recordSchema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('COMMENT'), comment: z.enum(['NOTE', 'ANSWER']), body: z.string() }),
  z.object({
    ...common,
    kind: z.literal('CHANGE'),
    changes: z.custom<TicketChanges>((value) => typeof value === 'object' && value !== null),
    /** On which it was made; null: whatever the ticket is. */
    expectedVersion: z.number().int().nullable(),
    /** Versions since, which the person's own earlier changes made. */
    ownVersions: z.array(z.number().int()),
    /** The ticket as it stood when the same fields had been changed by somebody else. */
    current: z.custom<KnownTicket>().nullable(),
  }),
]);

export type WriteRecord = z.infer<typeof recordSchema> & { requestId: string };
export type ChangeRecord = WriteRecord & { kind: 'CHANGE' };

// One that waits for its create goes wherever that goes.
export const writeForm = recordForm(recordSchema, ({ ticketId }) => ticketId !== null);

/** What a request says, by which it is told from another under the same id. */
export function contentOf(record: WriteRecord): string {
  const { ticketId, ticketRequestId } = record;
  const content =
    record.kind === 'COMMENT' ? [record.comment, record.body] : Object.entries(record.changes).sort();
  // Once its create has its number, a write is of both.
  return JSON.stringify([record.kind, ticketRequestId ?? ticketId, content]);
}
