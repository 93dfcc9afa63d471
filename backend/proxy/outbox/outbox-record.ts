/** An outbox entry as it stands on the disk: one JSON value under its request id. */
import * as z from 'zod';
import type { Kind, KindValues } from '../../../proto/field-kinds.ts';
import {
  type CreateFieldName,
  createFieldNames,
  fieldOf,
  isLeftOutByOlder,
  type NewTicketValues,
  newTicketValues,
  type ValueOf,
} from '../../../proto/ticket-fields.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { recordForm } from './record-form.ts';

const kindShapes: { [K in Kind]: z.ZodType<KindValues[K]> } = {
  text: z.string(),
  choice: z.string(),
  set: z.array(z.string()),
  time: z.string().nullable(),
  person: z.string().nullable(),
};

/** What older peers leave out is absent from records of a desk that did not know it. */
const valuesShape = Object.fromEntries(
  createFieldNames.map((name) => {
    const shape = kindShapes[fieldOf(name).kind];
    return [name, isLeftOutByOlder(name) ? shape.optional() : shape];
  }),
) as {
  [F in CreateFieldName]: undefined extends NewTicketValues[F]
    ? z.ZodOptional<z.ZodType<ValueOf<F>>>
    : z.ZodType<ValueOf<F>>;
};

/** Whose a record is, on the disk. */
export const agentShape = z.object({ id: z.string(), name: z.string() });

const recordSchema = z.object({
  /** Order of filing. */
  sequence: z.number().int().nonnegative(),
  ...valuesShape,
  createdAt: z.string(),
  /** One more each time it is sent again after it had failed; records of before have none. */
  revision: z.number().int().nonnegative().default(0),
  state: z.enum(['QUEUED', 'SENT', 'FAILED']),
  attempts: z.number().int().nonnegative(),
  /** False only while it is certain that no part of this text has left the computer. */
  mayBeSent: z.boolean(),
  lastError: z.string().nullable(),
  lastErrorField: z.string().nullable(),
  /** Who filed it; records of nobody known have none. */
  agent: agentShape.optional(),
  /** Set where another text had the first request id already: that id, and the ticket of that text. */
  conflict: z.object({ requestId: z.string(), ticketId: z.number().int() }).nullable().default(null),
});

export type OutboxRecord = z.infer<typeof recordSchema> & { requestId: string };

export const outboxForm = recordForm(recordSchema);

export function createOf(record: OutboxRecord): NewTicket {
  const { requestId, createdAt, revision, agent } = record;
  return { ...newTicketValues(record), requestId, createdAt, revision, agent };
}

/** As it goes out the next time; a failed one in a new revision, which its rejection does not hold for. */
export function sentAnew(record: OutboxRecord): OutboxRecord {
  const revision = record.revision + (record.state === 'FAILED' ? 1 : 0);
  return { ...record, state: 'QUEUED', revision, conflict: null };
}
