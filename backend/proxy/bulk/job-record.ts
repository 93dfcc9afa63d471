/** A bulk change as it stands on the disk: a job and its chunks, one JSON value each under its request id. */
import * as z from 'zod';
import type { BulkChange, TicketFailure } from '../../domain/bulk-change.ts';
import { agentShape } from '../outbox/outbox-record.ts';
import { recordForm } from '../outbox/record-form.ts';

const jobSchema = z.object({
  kind: z.literal('JOB'),
  /** Order in which they run. */
  sequence: z.number().int().nonnegative(),
  createdAt: z.string(),
  agent: agentShape.optional(),
  /** Of whoever began it, by its key; it goes on for as long as that is good. */
  token: z.string().optional(),
  /** By which what was asked is told from another under the same id. */
  digest: z.string(),
  /** Null of an undo. */
  change: z.custom<BulkChange>((value) => typeof value === 'object' && value !== null).nullable(),
  /** The job that it undoes. */
  undoes: z.string().nullable(),
  /** STOPPING: once it is known what became of the chunk that was sent. */
  state: z.enum(['READY', 'RUNNING', 'STOPPING', 'STOPPED', 'DONE']),
});

const chunkSchema = z.object({
  kind: z.literal('CHUNK'),
  jobId: z.string(),
  /** Order in the job. */
  sequence: z.number().int().nonnegative(),
  /** How many tickets it is of. */
  size: z.number().int().nonnegative(),
  /** Of those tickets; once it is done, of those that have a new version by it. */
  ids: z.array(z.number().int()),
  /** The request that it undoes. */
  undoes: z.string().nullable(),
  /** SENT: the ticket service may have done it. */
  state: z.enum(['WAITING', 'SENT', 'DONE']),
  failures: z.array(z.custom<TicketFailure>((value) => typeof value === 'object' && value !== null)),
});

const recordSchema = z.discriminatedUnion('kind', [jobSchema, chunkSchema]);

/** Its request id is the job's id. */
export type JobRecord = z.infer<typeof jobSchema> & { requestId: string };
/** Its request id is that by which the ticket service does it once. */
export type ChunkRecord = z.infer<typeof chunkSchema> & { requestId: string };
export type BulkRecord = JobRecord | ChunkRecord;

export const bulkForm = recordForm(recordSchema, () => true);
