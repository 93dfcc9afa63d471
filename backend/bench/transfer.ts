/**
 * All tickets of a desk with what was said and done, out to a file and from that into an empty desk, through GraphQL, the
 * disk, gRPC and SQL; beside COPY of the same rows, in plain tables with the same indexes.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { makeDataDir, removeDataDir, startDesk, until } from '../testing/desk-process.ts';
import { callerHeaders } from '../testing/graphql.ts';
import { graphqlCaller } from './graphql-client.ts';
import type { Subject } from './rounds.ts';
import type { ScaleDesk } from './scale.ts';

/** Seldom, as the desk has other work. */
const patience = { timeoutMs: 10 * 60_000, everyMs: 100 };
const tables = ['agents', 'tickets', 'comments', 'ticket_history'];

const startExport = 'mutation ($input: StartExport!) { startExport(input: $input) { state } }';
const exportsNow = '{ exports { requestId state address } }';
const prepareImport = 'mutation ($input: PrepareImport!) { prepareImport(input: $input) { state } }';
const startImport = 'mutation ($input: StartImport!) { startImport(input: $input) { state } }';
const importsNow = 'query ($id: ID) { imports(id: $id) { state imported refused } }';

interface Told {
  exports: { requestId: string; state: string; address: string | null }[];
  imports: { state: string; imported: number; refused: number }[];
}

/** @param options.bundleDir of the desks that are imported into, each for one round */
export async function transferSubjects(
  desk: ScaleDesk,
  { bundleDir }: { bundleDir: string },
): Promise<{ subjects: Subject<{ ms: number }>[]; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-transfer-'));
  const file = join(folder, 'tickets.jsonl');
  const copied = (table: string) => join(folder, `${table}.copy`);
  const exported = () => exportTo(desk, file);
  const copyOut = () =>
    withClient(desk, async (client) => {
      for (const table of tables)
        await pipeline(client.query(copyTo(`copy ${table} to stdout`)), createWriteStream(copied(table)));
    });
  // Whichever turn comes first.
  await exported();
  await copyOut();
  const subject = (name: string, run: () => Promise<number>) => ({
    name,
    measure: async () => ({ ms: await run() }),
  });
  return {
    subjects: [
      subject('export', exported),
      subject('COPY out', () => timed(copyOut)),
      subject('import', () => importFrom(file, { bundleDir, tickets: desk.tickets })),
      subject('COPY in', () => copyIn(desk, copied)),
    ],
    close: () => rm(folder, { recursive: true }),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function withClient(desk: ScaleDesk, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: desk.databaseUrl });
  await client.connect();
  await work(client).finally(() => client.end());
}

/** @returns how long it took until it was made; having it is another matter */
async function exportTo({ caller, url }: ScaleDesk, file: string): Promise<number> {
  const requestId = randomUUID();
  const find = async () =>
    (await caller.call<Told>(exportsNow, {})).exports.find((one) => one.requestId === requestId);
  const ms = await timed(async () => {
    await caller.call(startExport, { input: { requestId, format: 'JSON_LINES' } });
    await until(async () => (await find())?.state === 'DONE', patience);
  });
  const { body } = await fetch(new URL((await find())?.address ?? '', url));
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(file));
  return ms;
}

/** Into a desk of its own, from the first byte of the file. */
async function importFrom(file: string, of: { bundleDir: string; tickets: number }): Promise<number> {
  const dataDir = await makeDataDir();
  const empty = await startDesk({ dataDir, bundleDir: of.bundleDir, env: { LOG_LEVEL: 'warn' } });
  const caller = graphqlCaller(new URL('/graphql', empty.url).href, 1);
  try {
    await empty.healthy();
    const id = randomUUID();
    const { size: bytes } = await stat(file);
    return await timed(async () => {
      await fetch(new URL(`/imports/${id}`, empty.url), {
        method: 'POST',
        headers: { ...callerHeaders, 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(createReadStream(file)) as ReadableStream,
        duplex: 'half',
      } as RequestInit);
      await caller.call(prepareImport, { input: { id, fileName: 'tickets.jsonl', bytes } });
      await caller.call(startImport, { input: { id, isDryRun: false } });
      await until(
        async () => (await caller.call<Told>(importsNow, { id })).imports[0]?.state === 'DONE',
        patience,
      );
      const [now] = (await caller.call<Told>(importsNow, { id })).imports;
      if (now?.imported !== of.tickets) throw new Error(`imported ${now?.imported}, refused ${now?.refused}`);
    });
  } finally {
    caller.close();
    await empty.stop();
    await removeDataDir(dataDir);
  }
}

async function copyIn(desk: ScaleDesk, copied: (table: string) => string): Promise<number> {
  const name = (table: string) => `bench_transfer.${table}`;
  let ms = 0;
  await withClient(desk, async (client) => {
    await client.query('create schema bench_transfer');
    for (const table of tables)
      await client.query(`create table ${name(table)} (like ${table} including all)`);
    ms = await timed(async () => {
      for (const table of tables)
        await pipeline(
          createReadStream(copied(table)),
          client.query(copyFrom(`copy ${name(table)} from stdin`)),
        );
    });
    await client.query('drop schema bench_transfer cascade');
  });
  return ms;
}
