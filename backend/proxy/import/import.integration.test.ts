/** Imports through HTTP, GraphQL, the disk, gRPC and SQL: what one desk exports is what the other has then. */
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Relay, startRelay } from '../../testing/relay.ts';
import { queryAt } from '../../testing/test-database.ts';
import { testFolder } from '../../testing/test-folder.ts';
import { startTestService, type TestService } from '../../ticket-service/testing/service.ts';
import type { Caller } from '../caller.ts';
import { callersOf } from '../testing/callers.ts';
import { linkState } from '../testing/link-state.ts';
import { fillWithOddTickets } from '../testing/odd-tickets.ts';
import { ask, type ProxyOn, proxyOn, type RealDesk, startRealDesk } from '../testing/real-proxy.ts';
import { sendFile } from '../testing/send-file.ts';

/** More than two chunks, and no whole number of them. */
const tickets = 2_400;

let source: RealDesk;
/** An empty desk, to which the link can be cut. */
let service: TestService;
let postgresUrl: string;
let relay: Relay;
let own: ProxyOn;
let dataDir: string;

beforeAll(async () => {
  source = await startRealDesk({ id: 'bo', name: 'Bo' });
  await fillWithOddTickets(source.postgresUrl, tickets);
  await queryAt(
    source.postgresUrl,
    `update tickets set status = 'On Hold', version = version + 1 where id % 11 = 0`,
  );
});
afterAll(() => source.stop());
beforeEach(async () => {
  postgresUrl = await source.postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  relay = await startRelay({ to: service.address });
  dataDir = testFolder();
  own = await open();
  return async () => {
    await own.stop();
    await relay.close();
    await service.stop();
  };
});

async function open(): Promise<ProxyOn> {
  const opened = await proxyOn({ address: relay.address, dataDir, agent: { id: 'eve', name: 'Eve' } });
  await linkState(opened.client);
  return opened;
}

/** All that a desk has, as a file. */
async function exported(desk: ProxyOn, format: string): Promise<string> {
  const requestId = uuidv7();
  await desk.ask('mutation ($input: StartExport!) { startExport(input: $input) { requestId } }', {
    input: { requestId, format },
  });
  const { address } = await vi.waitUntil(
    async () => {
      const { data } = await desk.ask('{ exports { requestId state address } }');
      return data.exports.find(
        (one: { requestId: string; state: string }) => one.requestId === requestId && one.state === 'DONE',
      );
    },
    { timeout: 60_000, interval: 20 },
  );
  return (await desk.proxy.handle(new Request(`http://127.0.0.1${address}`))).text();
}

interface Entry {
  id: number;
  field?: string;
  to?: string | null;
}

/** Without the numbers of comments and changes, which are of each desk its own, and that it was imported. */
async function content(desk: ProxyOn): Promise<object[]> {
  const lines = (await exported(desk, 'JSON_LINES')).trimEnd().split('\n');
  return lines.map((line) =>
    JSON.parse(line, (key, value) => {
      if (key !== 'comments' && key !== 'history') return value;
      const entries: Entry[] = value.filter(({ field }: Entry) => field !== 'IMPORTED');
      return entries.map(({ id: _, ...entry }) =>
        entry.field === 'COMMENTED' ? { ...entry, to: 'a comment' } : entry,
      );
    }),
  );
}

const fields =
  'id state reason isOwn isDryRun bytes bytesDone rows imported wereThere refused refusedRows { nodes { line field message } endCursor }';

async function mutate(name: string, type: string, input: object) {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
  const { data, errors } = await own.ask(query, { input });
  return data?.[name] ?? errors?.[0];
}
const prepare = async (id: string, content: string) =>
  mutate('prepareImport', 'PrepareImport', {
    id,
    fileName: 'file',
    bytes: await sendFile(own.proxy.handle, id, content, 100_000),
  });
const start = (id: string, isDryRun: boolean, mapping?: object[]) =>
  mutate('startImport', 'StartImport', { id, isDryRun, ...(mapping && { mapping }) });

function reached(id: string, isSo: (one: { state: string; rows: number; reason: string | null }) => boolean) {
  return vi.waitUntil(
    async () => {
      const { data } = await own.ask(`query ($id: ID) { imports(id: $id) { ${fields} } }`, { id });
      return isSo(data.imports[0]) && data.imports[0];
    },
    { timeout: 60_000, interval: 5 },
  );
}

async function imported(content: string, { isDryRun = false } = {}) {
  const id = uuidv7();
  await prepare(id, content);
  await start(id, isDryRun);
  return reached(id, ({ state }) => state === 'DONE');
}

/** Whatever a write would leave behind, a number that was drawn too; but whoever asks is known from then on. */
async function traces(): Promise<unknown> {
  const tables = await queryAt<{ name: string }>(
    postgresUrl,
    `select relname as name from pg_class where relkind in ('r', 'S') and relnamespace = 'public'::regnamespace order by 1`,
  );
  const contents = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*)::integer, md5(string_agg(text, '' order by text))
       from (select row(t.*)::text as text from "${name}" t) rows where text not like '(eve,%'`,
  );
  return queryAt(postgresUrl, `${contents.join(' union all ')} order by name`);
}

it.each(['JSON_LINES', 'CSV'])(
  'has from %s what the other desk has, field for field, and once',
  async (format) => {
    const text = await exported(source, format);
    const wanted = await content(source);
    expect(await imported(text)).toMatchObject({
      isOwn: true,
      rows: tickets,
      imported: tickets,
      wereThere: 0,
      refused: 0,
    });
    expect(await content(own)).toEqual(wanted);
    const before = await traces();
    expect(await imported(text)).toMatchObject({
      rows: tickets,
      imported: 0,
      wereThere: tickets,
      refused: 0,
    });
    expect(await traces()).toEqual(before);
  },
);

it('changes nothing in a dry run, and lists each bad row by its line with the reason', async () => {
  const lines = (await exported(source, 'JSON_LINES')).trimEnd().split('\n');
  const bad = new Map(
    [3, 600, 2_400].map((line) => [
      line,
      JSON.stringify({ ...JSON.parse(lines[line - 1] ?? ''), title: '' }),
    ]),
  );
  const text = lines.map((line, at) => bad.get(at + 1) ?? line).join('\n');
  const before = await traces();
  const checked = await imported(text, { isDryRun: true });
  expect(checked).toMatchObject({ rows: tickets, imported: tickets - 3, refused: 3 });
  expect(checked.refusedRows.nodes.map((row: { line: number }) => row.line)).toEqual([...bad.keys()]);
  expect(checked.refusedRows.nodes[0]).toMatchObject({
    field: 'title',
    message: expect.stringContaining('is empty'),
  });
  expect(await traces()).toEqual(before);
  await start(checked.id, false);
  expect(await reached(checked.id, ({ state }) => state === 'DONE')).toMatchObject({
    imported: tickets - 3,
    refused: 3,
  });
});

it('goes on after a stop, a lost link and a kill, and stores each row once', async () => {
  const text = await exported(source, 'CSV');
  const id = uuidv7();
  await prepare(id, text);
  await relay.cut('refuse');
  await start(id, false);
  await reached(id, ({ state, reason }) => state === 'WAITING' && reason !== null);
  expect(own.proxy.isIdle()).toBe(false);
  await relay.mend();
  await reached(id, ({ rows }) => rows > 0);
  const stopped = await mutate('stopImport', 'ImportInput', { id });
  const [stored] = await queryAt<{ count: number }>(postgresUrl, 'select count(*)::integer from tickets');
  expect(stopped).toMatchObject({ state: 'STOPPED', imported: stored?.count, refused: 0 });
  expect(await start(id, false)).toMatchObject({ state: 'RUNNING', imported: stored?.count });
  await own.stop();
  own = await open();
  const done = await reached(id, ({ state }) => state === 'DONE');
  expect(done).toMatchObject({ rows: tickets, refused: 0 });
  expect(done.imported + done.wereThere).toBe(tickets);
  expect(own.proxy.isIdle()).toBe(true);
  expect(await content(own)).toEqual(await content(source));
});

it('stops with the token that began it, and goes on by another', async () => {
  const { tokens, callers } = callersOf('is-withdrawn', 'stays-good');
  own.proxy.admitBy((token) => tokens.isGood(token));
  const id = uuidv7();
  await prepare(id, await exported(source, 'CSV'));
  const startAs = (caller: Caller) =>
    ask(
      (request) => own.proxy.handle(request, caller),
      `mutation { startImport(input: { id: "${id}", isDryRun: false }) { id } }`,
    );
  await startAs(callers[0]);
  await reached(id, ({ rows }) => rows > 0);
  tokens.replace(['stays-good']);
  const { rows, reason } = await reached(id, ({ state }) => state === 'STOPPED');
  expect([rows < tickets, reason]).toEqual([true, expect.stringContaining('withdrawn')]);
  await startAs(callers[1]);
  expect(await reached(id, ({ state }) => state === 'DONE')).toMatchObject({ rows: tickets, refused: 0 });
});

it('has what has come in after a kill, before it is an import and while it becomes one', async () => {
  const [id, csv] = [uuidv7(), 'title,description,name\nPrinter,Toner,Cy'];
  const bytes = await sendFile(own.proxy.handle, id, csv);
  await own.stop();
  own = await open();
  const input = { id, fileName: 'file', bytes };
  expect(await mutate('prepareImport', 'PrepareImport', input)).toMatchObject({ state: 'READY' });
  await own.stop();
  const file = join(dataDir, 'import-files', id);
  // As a kill leaves it that comes when the record is written.
  await rename(`${file}.import`, `${file}.upload`);
  own = await open();
  expect(await mutate('prepareImport', 'PrepareImport', input)).toMatchObject({ state: 'READY' });
  await start(id, false);
  expect(await reached(id, ({ state }) => state === 'DONE')).toMatchObject({ imported: 1 });
});

it('takes a file of another program by its mapping, what is without a request id once, and tells of the rest in pages', async () => {
  const rows = Array.from({ length: 700 }, (_, n) =>
    n % 2 === 0 ? `Fan ${n};Bo;in progress` : ';Bo;broken',
  );
  const text = ['Subject;From;State', ...rows].join('\n');
  const mapping = [
    { part: 'title', column: 0, otherwise: null },
    { part: 'name', column: 1 },
    { part: 'status', column: 2, otherwise: 'On Hold' },
  ];
  const id = uuidv7();
  expect(await prepare(id, text)).toMatchObject({ state: 'READY', isOwn: false });
  expect(await start(id, false, [{ part: 'title', column: 0 }])).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
  });
  await start(id, false, mapping);
  const done = await reached(id, ({ state }) => state === 'DONE');
  expect(done).toMatchObject({ rows: 700, imported: 350, refused: 350 });
  const lines: number[] = [];
  for (let after: string | null = null; ; ) {
    const { data } = await own.ask(
      'query ($id: ID, $after: String) { imports(id: $id) { refusedRows(first: 120, after: $after) { nodes { line } endCursor } } }',
      { id, after },
    );
    const page = data.imports[0].refusedRows;
    lines.push(...page.nodes.map(({ line }: { line: number }) => line));
    after = page.endCursor;
    if (after === null) break;
  }
  expect(lines).toEqual(rows.flatMap((row, at) => (row.startsWith(';') ? [at + 2] : [])));
  const again = uuidv7();
  await prepare(again, text);
  await start(again, false, mapping);
  expect(await reached(again, ({ state }) => state === 'DONE')).toMatchObject({
    imported: 0,
    wereThere: 350,
  });
  await mutate('discardImport', 'ImportInput', { id: again });
  await mutate('discardImport', 'ImportInput', { id });
  await vi.waitUntil(async () => (await readdir(join(dataDir, 'import-files'))).length === 0);
});

it('says which file it can not take, and what of it is missing', async () => {
  const id = uuidv7();
  const bytes = await sendFile(own.proxy.handle, id, 'title,name\nFan,Bo');
  const asked = { id, fileName: 'file' };
  expect(await mutate('prepareImport', 'PrepareImport', { ...asked, bytes: bytes + 1 })).toMatchObject({
    extensions: { code: 'CONFLICT', field: 'bytes' },
  });
  expect(await mutate('prepareImport', 'PrepareImport', { ...asked, bytes: 0 })).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT', field: 'bytes' },
  });
  expect(await prepare(uuidv7(), 'PK\0\0')).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT', field: 'fileName' },
  });
  expect(await start(uuidv7(), true)).toMatchObject({ extensions: { code: 'NOT_FOUND', field: 'id' } });
});

it('knows its file under its id, and refuses another one under it', async () => {
  const id = uuidv7();
  const first = 'title,requester\nPrinter,Ada\n';
  expect(await prepare(id, first)).toMatchObject({ state: 'READY' });
  expect(await prepare(id, first)).toMatchObject({ state: 'READY' });
  const refused = { extensions: { code: 'CONFLICT', field: 'id' } };
  expect(await prepare(id, first.replace('Ada', 'Bob'))).toMatchObject(refused);
  expect(await prepare(id, first.replace('Ada', 'Eve') + first)).toMatchObject(refused);
  expect(await prepare(id, first)).toMatchObject({ state: 'READY', id });
});
