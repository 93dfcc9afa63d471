/** Reads a backup, and holds every byte of it to what was written. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DeskError } from '../../../errors.ts';
import {
  type BackupHeader,
  type BackupTrailer,
  countRows,
  currentFormat,
  damaged,
  digestEnd,
  endLength,
  endOfTable,
  headerSchema,
  isNewer,
  lineBreak,
  mostLineLength,
  type TellRows,
  tableSchema,
  trailerSchema,
} from './backup-format.ts';

/** A table begins, or some of its rows follow. */
export type BackupPart =
  | { kind: 'table'; table: string; columns: readonly string[] }
  | { kind: 'rows'; bytes: Buffer; count: number };

export interface OpenBackup {
  header: BackupHeader;
  trailer: BackupTrailer;
  /**
   * Everything that is in it, in order.
   * @throws DeskError BAD_USER_INPUT at the latest at its end, when anything is not as it was written
   */
  parts(): AsyncGenerator<BackupPart, void, undefined>;
}

/**
 * Looks at the two ends of the file; nothing is changed.
 * @throws DeskError BAD_USER_INPUT: it is no backup, of a newer Ticket Desk, or damaged, which the text tells
 */
export async function openBackup(file: string): Promise<OpenBackup> {
  const handle = await open(file, 'r').catch((cause) => {
    throw unreadable(file, cause);
  });
  try {
    const { header, bodyStart } = await readHeader(handle, file);
    const { trailer, trailerStart, size } = await readTrailer(handle, file);
    const parts = () => readParts(file, { header, trailer, bodyStart, trailerStart, size });
    return { header, trailer, parts };
  } catch (thrown) {
    throw thrown instanceof DeskError ? thrown : unreadable(file, thrown);
  } finally {
    await handle.close();
  }
}

/** Reads all of it, as a restore would. @throws as openBackup() */
export async function checkBackup(file: string, onRows?: TellRows): Promise<OpenBackup> {
  const backup = await openBackup(file);
  for await (const part of backup.parts()) if (part.kind === 'rows') onRows?.(part.count, backup.header);
  return backup;
}

function unreadable(file: string, cause: unknown): DeskError {
  const { code } = cause as NodeJS.ErrnoException;
  return new DeskError('BAD_USER_INPUT', `The backup ${file} can't be read (${code}).`, { cause });
}

async function readHeader(handle: FileHandle, file: string) {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostLineLength), 0, mostLineLength, 0);
  const start = buffer.subarray(0, bytesRead);
  if (!start.toString('latin1').startsWith('{"ticketDeskBackup":'))
    throw new DeskError('BAD_USER_INPUT', `${file} is not a backup of Ticket Desk. Nothing was changed.`);
  const end = start.indexOf(lineBreak);
  if (end === -1) throw damaged(file, 'it ends in its first line');
  const json = parseJson(start.subarray(0, end)) as Record<string, unknown> | undefined;
  if (Number(json?.ticketDeskBackup) > currentFormat) throw isNewer(file, json?.madeBy);
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) throw damaged(file, 'its first line is not as it was written', parsed.error);
  return { header: parsed.data, bodyStart: end + 1 };
}

async function readTrailer(handle: FileHandle, file: string) {
  const { size } = await handle.stat();
  const from = Math.max(0, size - mostLineLength);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
  const end = buffer.subarray(0, bytesRead);
  const lineStart = end.lastIndexOf(lineBreak, end.length - 2) + 1;
  const trailer = trailerSchema.safeParse(parseJson(end.subarray(lineStart)));
  if (!trailer.success || end.subarray(-digestEnd.length).toString() !== digestEnd || lineStart < 1)
    throw damaged(file, 'its end is missing');
  return { trailer: trailer.data, trailerStart: from + lineStart - 1, size };
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}

interface Places {
  header: BackupHeader;
  trailer: BackupTrailer;
  bodyStart: number;
  trailerStart: number;
  size: number;
}

async function* readParts(file: string, places: Places): AsyncGenerator<BackupPart, void, undefined> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    for await (const chunk of bytesOf(handle, 0, places.bodyStart)) hash.update(chunk);
    const counted: Record<string, number> = {};
    let table = '';
    for await (const part of partsOf(
      file,
      unzipped(bytesOf(handle, places.bodyStart, places.trailerStart, hash)),
    )) {
      if (part.kind === 'table') {
        table = part.table;
        counted[table] = 0;
      } else counted[table] = (counted[table] ?? 0) + part.count;
      yield part;
    }
    for await (const chunk of bytesOf(handle, places.trailerStart, places.size - endLength))
      hash.update(chunk);
    if (hash.digest('hex') !== places.trailer.sha256) throw damaged(file, 'its checksum is another');
    const tables = new Set([...Object.keys(counted), ...Object.keys(places.header.rows)]);
    for (const name of tables)
      if (counted[name] !== places.header.rows[name]) throw damaged(file, `rows of ${name} are missing`);
  } catch (thrown) {
    if (!isZlibError(thrown)) throw thrown;
    throw damaged(file, 'its rows can not be unpacked', thrown);
  } finally {
    await handle.close();
  }
}

const isZlibError = (thrown: unknown) =>
  thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');

async function* bytesOf(handle: FileHandle, from: number, to: number, hash?: ReturnType<typeof createHash>) {
  for (let at = from; at < to; ) {
    const length = Math.min(256 * 1024, to - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    const chunk = buffer.subarray(0, bytesRead);
    hash?.update(chunk);
    yield chunk;
    at += bytesRead;
  }
}

async function* unzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  const fed = pipeline(Readable.from(bytes), gunzip);
  fed.catch(() => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
  await fed;
}

async function* partsOf(
  file: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<BackupPart, void, undefined> {
  let isInTable = false;
  for await (const block of wholeLines(file, chunks)) {
    for (let at = 0; at < block.length; ) {
      if (isInTable) {
        const end = rowsEnd(block, at);
        const bytes = block.subarray(at, end);
        if (end > at) yield { kind: 'rows', bytes, count: countRows(bytes) };
        isInTable = end === block.length;
        at = isInTable ? end : end + endOfTable.length;
      } else {
        const end = block.indexOf(lineBreak, at);
        const parsed = tableSchema.safeParse(parseJson(block.subarray(at, end)));
        if (!parsed.success) throw damaged(file, 'a table does not begin as it should', parsed.error);
        yield { kind: 'table', ...parsed.data };
        isInTable = true;
        at = end + 1;
      }
    }
  }
  if (isInTable) throw damaged(file, 'a table does not end');
}

/** In pieces that end with a line, so that what ends a table is never in two of them. */
async function* wholeLines(file: string, chunks: AsyncIterable<Buffer>) {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineBreak) + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, chunk.subarray(0, end)]);
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
  }
  if (rest.length > 0) throw damaged(file, 'a row does not end');
}

/** Where the rows from here on end: at what ends the table, or with the block. */
function rowsEnd(block: Buffer, at: number): number {
  if (block.subarray(at, at + endOfTable.length).equals(endOfTable)) return at;
  const found = block.indexOf(`\n${endOfTable}`, at);
  return found === -1 ? block.length : found + 1;
}
