/** What an uploaded file is, before any of its rows is taken: its format, its columns, and a refusal of what can only be taken wrongly. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { DeskError } from '../../errors.ts';
import { ticketParts } from '../export/format.ts';
import { delimiterOf, hasBareReturns, readCells } from './csv-cells.ts';
import { type Place, rowsOf } from './row-cutter.ts';

const maxHeadBytes = 64 * 1024;
/** More are no table of tickets. */
const maxColumns = 500;
const sampleRows = 5;
const maxSampleCharacters = 200;

export interface Inspected {
  /** SHA-256, in hex: the same file again is known by it. */
  digest: string;
  bytes: number;
  /** Null: JSON Lines. */
  delimiter: string | null;
  /** The heads of the columns; empty of JSON Lines. */
  columns: string[];
  /** Of each column the cells of the first rows, the beginnings of long ones. */
  samples: string[][];
  /** Where the first row of a ticket begins. */
  first: Place;
}

/** @throws DeskError BAD_USER_INPUT fileName: it is nothing that can be imported. */
export async function inspect(path: string): Promise<Inspected> {
  const head = await readHead(path);
  const hasMark = head.subarray(0, 3).equals(byteOrderMark);
  const begin: Place = { byte: hasMark ? byteOrderMark.length : 0, line: 0 };
  if (head.length === begin.byte) refuse('The file is empty.');
  const text = head.subarray(begin.byte);
  if (head.includes(0)) refuse('The file is no text in UTF-8. Save it as CSV in UTF-8, and import that.');
  const read = await readThrough(path, begin);
  if (read.isEncodedTwice)
    refuse(
      'The file was encoded twice: each ä in it stands as Ã¤. Save it as UTF-8 anew, from where it is right.',
    );
  if (text[0] === 0x7b) return { ...read, delimiter: null, columns: [], samples: [], first: begin };
  return { ...read, ...(await inspectCsv(path, { text, begin, hasMark })) };
}

const byteOrderMark = Buffer.from('\ufeff');

function refuse(message: string): never {
  throw new DeskError('BAD_USER_INPUT', message, { field: 'fileName' });
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHeadBytes), 0, maxHeadBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function inspectCsv(
  path: string,
  { text, begin, hasMark }: { text: Buffer; begin: Place; hasMark: boolean },
): Promise<Pick<Inspected, 'delimiter' | 'columns' | 'samples' | 'first'>> {
  const line = text.toString('utf8').split('\n')[0] ?? '';
  if (hasBareReturns(line))
    refuse('Its lines end as those of old Macs. Save it as CSV in UTF-8, and import that.');
  const delimiter = delimiterOf(line);
  const chunks = createReadStream(path, { start: begin.byte });
  let columns: string[] | undefined;
  let first = begin;
  const rows: string[][] = [];
  for await (const { bytes, next } of rowsOf(chunks, { delimiter, from: begin })) {
    if (columns)
      rows.push(bytes ? readCells(bytes.toString('utf8'), { delimiter, max: columns.length }) : []);
    else {
      if (!bytes || bytes.length > maxHeadBytes)
        refuse('Its first line is no heads of columns: a CSV names its columns there.');
      columns = readCells(bytes.toString('utf8'), { delimiter, max: maxColumns + 1 });
      first = next;
    }
    if (rows.length === sampleRows) break;
  }
  if (!columns) return refuse('The file is empty.');
  if (columns.length > maxColumns)
    refuse(`It has more than ${maxColumns} columns. Leave out those that tell nothing of tickets.`);
  if (hasMark && text[0] === 0x22 && ticketParts.every((part) => columns.includes(part)))
    refuse(
      'This is an export for spreadsheets, whose cells are no longer what the tickets say. Export without that, or as JSON Lines, and import that.',
    );
  const samples = columns.map((_, at) => rows.map((row) => (row[at] ?? '').slice(0, maxSampleCharacters)));
  return { delimiter, columns, samples, first };
}

/** What is known once each byte of it was read. */
async function readThrough(path: string, { byte }: Place) {
  const hash = createHash('sha256');
  const encoded = createTwiceEncodedCheck();
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    encoded.push(bytes < byte ? chunk.subarray(byte) : chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes, isEncodedTwice: encoded.end() };
}

/**
 * Whether all that is not ASCII in a text of UTF-8 is itself bytes of UTF-8, each taken for a character of Windows-1252:
 * nobody writes so, but a program that has read UTF-8 as such has.
 */
function createTwiceEncodedCheck() {
  const outer = new TextDecoder('utf-8', { fatal: true });
  const inner = new TextDecoder('utf-8', { fatal: true });
  let isPossible = true;
  let isTwice = false;
  return {
    push(chunk: Buffer) {
      if (!isPossible) return;
      try {
        const text = outer.decode(chunk, { stream: true });
        const isAscii = text.length === chunk.length;
        inner.decode(isAscii ? chunk : bytesOf(text), { stream: true });
        isTwice ||= !isAscii;
      } catch {
        isPossible = false;
      }
    },
    end() {
      try {
        inner.decode();
        return isPossible && isTwice;
      } catch {
        return false;
      }
    },
  };
}

const windows1252 = new Map(
  Array.from({ length: 32 }, (_, at) => {
    const byte = 0x80 + at;
    return [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte] as const;
  }),
);

/** @throws where a character is none of Windows-1252 */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    const byte = windows1252.get(character) ?? code;
    if (byte > 0xff || character.length > 1) throw new RangeError('no character of Windows-1252');
    return byte;
  });
}
