/** An import as it stands on the disk, beside its file. */
import * as z from 'zod';
import { agentShape } from '../outbox/outbox-record.ts';
import { recordForm } from '../outbox/record-form.ts';
import { type Part, parts } from './mapping.ts';

const count = z.number().int().nonnegative();
const placeSchema = z.object({ byte: count, line: count });

const importSchema = z.object({
  sequence: count,
  createdAt: z.string(),
  agent: agentShape.optional(),
  /** Of whoever began it, by its key; it goes on for as long as that is good. */
  token: z.string().optional(),
  fileName: z.string(),
  /** What inspect() found. */
  file: z.object({
    digest: z.string(),
    bytes: count,
    delimiter: z.string().nullable(),
    columns: z.array(z.string()),
    samples: z.array(z.array(z.string())),
    first: placeSchema,
  }),
  mapping: z.array(
    z.object({
      part: z.enum(parts as unknown as [Part, ...Part[]]),
      column: count.nullable(),
      otherwise: z.string().nullable(),
    }),
  ),
  state: z.enum(['READY', 'RUNNING', 'STOPPED', 'DONE']),
  /** Nothing is stored. */
  isDryRun: z.boolean(),
  /** Up to where its rows have been answered for. */
  next: placeSchema,
  /** Of those rows. */
  rows: count,
  imported: count,
  wereThere: count,
  /** How many of all its rows the dry run before it found there already. */
  thereBefore: count.optional(),
  refused: count,
  /** How much of the list of refused rows is of them. */
  refusedBytes: count,
});

export type ImportRecord = z.infer<typeof importSchema> & { requestId: string };

// Half of its rows here and half elsewhere would be in neither place.
export const importForm = recordForm(importSchema, () => true);
