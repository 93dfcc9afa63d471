/**
 * One file of a backup: a line of JSON that says what it is, the rows of all tables, compressed, and a line that ends in
 * the SHA-256 of every byte before it. Inside, each table is a line of JSON that names its columns, its rows as COPY
 * writes them, one a line, and the line `\.`, which is never a row.
 */
import * as z from 'zod';
import { DeskError } from '../../../errors.ts';

/** Counts up when an older desk could no longer read what a newer one writes. */
export const currentFormat = 1;
export const lineBreak = 10;
/** What ends the last line, the digest with it: its length is known. */
export const digestEnd = '"}\n';
export const endLength = 64 + digestEnd.length;
export const endOfTable = Buffer.from('\\.\n');
/** No first or last line is longer (bytes). */
export const mostLineLength = 65_536;

const count = z.number().int().nonnegative();

export const headerSchema = z.object({
  ticketDeskBackup: z.literal(currentFormat),
  /** The number of the last migration of the database. */
  migration: count.min(1),
  /** The version of the Ticket Desk that made it. */
  madeBy: z.string(),
  /** ISO 8601. */
  madeAt: z.iso.datetime(),
  /** How many rows each table has. */
  rows: z.record(z.string(), count),
});
export type BackupHeader = z.infer<typeof headerSchema>;

export const trailerSchema = z.strictObject({
  /** The last number that each sequence gave; null where it gave none yet. */
  sequences: z.record(z.string(), z.string().nullable()),
  sha256: z.hex().length(64),
});
export type BackupTrailer = z.infer<typeof trailerSchema>;

export const tableSchema = z.strictObject({ table: z.string(), columns: z.array(z.string()) });

/** COPY writes no line break into a row. */
export function countRows(rows: Uint8Array): number {
  let lines = 0;
  for (let at = rows.indexOf(lineBreak); at !== -1; at = rows.indexOf(lineBreak, at + 1)) lines += 1;
  return lines;
}

/** Told of rows that were passed, and of whose. */
export type TellRows = (passed: number, of: BackupHeader) => void;

/** @param tell told of each whole percent once, where every row is passed twice: written or restored, and checked */
export function tellPercent(tell: (percent: number) => void): TellRows {
  let passed = 0;
  let told = -1;
  return (rows, header) => {
    passed += rows;
    const all = 2 * Object.values(header.rows).reduce((sum, some) => sum + some, 0);
    const percent = Math.floor((100 * passed) / all);
    if (percent <= told) return;
    told = percent;
    tell(percent);
  };
}

/** @param where in words, what of it is not as it was written */
export function damaged(file: string, where: string, cause?: unknown): DeskError {
  return new DeskError(
    'BAD_USER_INPUT',
    `The backup ${file} is damaged: ${where}. Nothing was changed. Use another backup.`,
    { cause },
  );
}

export function isNewer(file: string, madeBy: unknown): DeskError {
  const by = typeof madeBy === 'string' ? ` (${madeBy})` : '';
  return new DeskError(
    'BAD_USER_INPUT',
    `The backup ${file} was made by a newer Ticket Desk${by}. Install the newer one, then restore it there. Nothing was changed.`,
  );
}
