/** Runs imports while the link stands: a chunk of rows at a time, the imports one after the other. */
import { createReadStream } from 'node:fs';
import { limits } from '../../../proto/checks.ts';
import { chunksOf } from '../../../proto/chunks.ts';
import { isToBeSentAgain, toDeskError } from '../../errors.ts';
import type { ImportedTicket, TicketClient, TicketToImport } from '../client/types.ts';
import { StepRunner } from '../step-runner.ts';
import type { ChunkResult, Import, Imports } from './imports.ts';
import type { RefusedRow } from './refused-rows.ts';
import { type Place, type Row, rowsOf } from './row-cutter.ts';
import { knownAgents, type RowReader, readRow } from './row-ticket.ts';

/** Of a chunk: the service and its database have more than one processor. */
const requestsAtOnce = 2;
/** Of a chunk, in the file: one request could carry it with the longest row, and no more of the file is in memory. */
const chunkBytes = 768 * 1024;

type Client = Pick<TicketClient, 'importTickets' | 'agents' | 'link' | 'onLink'>;

/** A file that is being read. */
interface OpenFile {
  one: Import;
  rows: AsyncGenerator<Row>;
  reader: RowReader;
  /** Up to where chunks have been read. */
  at: Place;
}

export function runImports({ imports, client }: { imports: Imports; client: Client }): StepRunner<Import> {
  let open: OpenFile | undefined;

  async function close(): Promise<void> {
    const file = open;
    open = undefined;
    await file?.rows.return(undefined);
  }

  async function step(one: Import): Promise<void> {
    if (open && !isWhereItWas(open, one)) await close();
    open ??= await openFile(imports, client, one);
    try {
      const chunk = await readChunk(open);
      await imports.settle(one, await send(client, one, chunk));
      if (chunk.isLast) await close();
    } catch (thrown) {
      one.isSentAgain = true;
      // It is read again from where its rows have been answered for.
      await close();
      throw thrown;
    }
  }

  return new StepRunner({
    work: imports,
    next(one) {
      if (!one) {
        close().catch(() => undefined);
        return undefined;
      }
      return () => {
        one.step = step(one).finally(() => {
          one.step = undefined;
        });
        return one.step;
      };
    },
    client,
    minStepMs: 0,
  });
}

function isWhereItWas({ one, at, reader }: OpenFile, wanted: Import): boolean {
  return one === wanted && at.byte === wanted.record.next.byte && reader.mapping === wanted.record.mapping;
}

async function openFile(imports: Imports, client: Client, one: Import): Promise<OpenFile> {
  const { file, mapping, next, agent } = one.record;
  const { delimiter, columns, digest } = file;
  const agents = knownAgents(await client.agents(agent));
  const chunks = createReadStream(imports.pathOf(one), { start: next.byte });
  const rows = rowsOf(chunks, { delimiter, from: next });
  return { one, rows, reader: { delimiter, columns, mapping, digest, agents }, at: next };
}

interface Chunk {
  tickets: { line: number; ticket: TicketToImport }[];
  refused: RefusedRow[];
  next: Place;
  isLast: boolean;
}

async function readChunk(file: OpenFile): Promise<Chunk> {
  const chunk: Chunk = { tickets: [], refused: [], next: file.at, isLast: false };
  const begin = file.at.byte;
  for (;;) {
    const { value: row, done } = await file.rows.next();
    if (done) return { ...chunk, isLast: true };
    const read = readRow(row, file.reader);
    if ('ticket' in read) chunk.tickets.push(read);
    else chunk.refused.push({ line: read.line, ...read.problem });
    chunk.next = file.at = row.next;
    const rows = chunk.tickets.length + chunk.refused.length;
    if (rows === requestsAtOnce * limits.maxChunk || file.at.byte - begin >= chunkBytes) return chunk;
  }
}

async function send(client: Client, one: Import, chunk: Chunk): Promise<ChunkResult> {
  const { record } = one;
  const { tickets, refused, next, isLast } = chunk;
  const requests = chunksOf(tickets, Math.max(1, Math.ceil(tickets.length / requestsAtOnce)));
  const sent = await Promise.allSettled(requests.map((request) => answers(client, record, request)));
  const results = sent.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const rows = results.map((result, at) => ({ ...result, line: tickets[at]?.line ?? 0 }));
  const others = rows.flatMap(({ line, rejection }) =>
    rejection ? [{ line, field: rejection.field, message: rejection.reason }] : [],
  );
  const wereThere = notItsOwn(one, rows.filter(({ wasThere }) => wasThere).length);
  return {
    next,
    isLast,
    wereThere,
    imported: rows.filter(({ rejection }) => !rejection).length - wereThere,
    refused: [...refused, ...others].sort((a, b) => a.line - b.line),
  };
}

/** Of rows that are sent again and are there, those beyond what the dry run found are of the first time. */
function notItsOwn({ record, isSentAgain }: Import, found: number): number {
  const { thereBefore, wereThere } = record;
  if (!isSentAgain || thereBefore === undefined) return found;
  return Math.min(found, Math.max(0, thereBefore - wereThere));
}

/** @throws DeskError which may pass. */
async function answers(
  client: Client,
  { isDryRun, agent }: Import['record'],
  tickets: Chunk['tickets'],
): Promise<readonly ImportedTicket[]> {
  try {
    return await client.importTickets({ tickets: tickets.map(({ ticket }) => ticket), isDryRun, agent });
  } catch (thrown) {
    const error = toDeskError(thrown);
    if (isToBeSentAgain(error)) throw error;
    // All of them are refused as they are.
    const rejection = { field: error.field ?? null, reason: error.message };
    return tickets.map(() => ({ id: null, wasThere: false, rejection }));
  }
}
