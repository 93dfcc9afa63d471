/** A move as it stands on the disk: where to, and its chunks, those of the highest numbers first. */
import * as z from 'zod';
import type { MoveStatus } from '../../../proto/desktop-bridge.ts';
import { agentShape } from '../outbox/outbox-record.ts';
import { recordForm } from '../outbox/record-form.ts';

const part = z.object({ count: z.number().int(), checksum: z.string() });
const summarySchema = z.object({ tickets: part, comments: part, history: part });

const moveSchema = z.object({
  kind: z.literal('MOVE'),
  sequence: z.number().int(),
  /** Of the ticket service that they are moved to. */
  address: z.string(),
  /** Who moves them. */
  agent: agentShape.optional(),
  state: z.enum(['RUNNING', 'STOPPED', 'DONE']),
  /** Once it is done, in place of its chunks. */
  result: z.custom<MoveStatus>((value) => typeof value === 'object' && value !== null).nullable(),
});

const movedSchema = z.object({
  /** On this desk. */
  number: z.number().int(),
  /** On the ticket service that it was moved to. */
  id: z.number().int(),
  sent: summarySchema,
  /** What the ticket service says of it; null: not asked yet, or it has no such ticket any more. */
  answered: summarySchema.nullable(),
});

const chunkSchema = z.object({
  kind: z.literal('CHUNK'),
  sequence: z.number().int(),
  numbers: z.array(z.number().int()),
  state: z.enum(['WAITING', 'MOVED', 'COMPARED']),
  tickets: z.array(movedSchema),
  refused: z.array(z.object({ number: z.number().int(), reason: z.string() })),
});

const recordSchema = z.discriminatedUnion('kind', [moveSchema, chunkSchema]);

/** Of each part of a ticket how much there is, and a checksum of it. */
export type Summary = z.infer<typeof summarySchema>;
export type MoveRecord = z.infer<typeof moveSchema> & { requestId: string };
export type MoveChunk = z.infer<typeof chunkSchema> & { requestId: string };
export type MovedTicket = z.infer<typeof movedSchema>;

export const moveForm = recordForm(recordSchema);
