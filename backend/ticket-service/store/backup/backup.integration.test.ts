/** Backups of a desk in use, on a real Postgres: made, read through, and restored into another database. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { postgresSocketName } from '../../../embedded/postgres.ts';
import { postgresOfFile } from '../../../testing/postgres-of-file.ts';
import { seedDatabase } from '../../../testing/seed/load.ts';
import { readPlan } from '../../../testing/seed/plan.ts';
import { queryAt } from '../../../testing/test-database.ts';
import { testFolder } from '../../../testing/test-folder.ts';
import { aCreate } from '../../../testing/two-stores.ts';
import { silent } from '../../testing/service.ts';
import { connectForUpkeep } from '../database.ts';
import { applyMissing, newest } from '../migrate.ts';
import { openPostgresStore } from '../postgres-store.ts';
import { type BackupHeader, tellPercent } from './backup-format.ts';
import { backupTasks } from './backup-tasks.ts';
import { checkBackup, openBackup } from './read-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { tablesOf } from './tables.ts';
import { writeBackup } from './write-backup.ts';

const postgres = postgresOfFile();
let folder: string;
let file: string;
let seeded: string;

beforeAll(async () => {
  seeded = await postgres.createDatabase();
  const plan = readPlan({ tickets: '300', seed: '7', until: '2026-11-28' });
  await seedDatabase({ postgresUrl: seeded, plan, logger: silent });
});
beforeEach(async () => {
  folder = testFolder();
  file = path.join(folder, 'desk.backup');
});

const madeAt = new Date('2026-11-28T02:00:00Z');
const back = (postgresUrl = seeded, to = file): Promise<BackupHeader> =>
  writeBackup({ postgresUrl, file: to, appVersion: '1.2.3', madeAt });
const restore = (postgresUrl: string, from = file) =>
  restoreBackup({ postgresUrl, file: from, logger: silent });
const open = (postgresUrl: string) => openPostgresStore({ postgresUrl, logger: silent });

async function emptyDesk(): Promise<string> {
  const postgresUrl = await postgres.createDatabase();
  await (await open(postgresUrl)).close();
  return postgresUrl;
}

/** Every row of every table as text, and what each sequence gave last. */
async function everything(postgresUrl: string): Promise<Record<string, unknown>> {
  const client = await connectForUpkeep(postgresUrl);
  try {
    const found: Record<string, unknown> = {};
    for (const { name, quoted, columns } of await tablesOf(client)) {
      // The seed's own.
      if (name === 'ticket_seed') continue;
      const { rows } = await client.query(`select r::text as row from ${quoted} r order by 1`);
      found[name] = { columns, rows: rows.map(({ row }) => row) };
    }
    const { rows } = await client.query(
      `select sequencename, last_value::text from pg_sequences where sequencename <> 'ticket_changes_seq_seq' order by 1`,
    );
    return { ...found, sequences: rows };
  } finally {
    await client.end();
  }
}

/** As whoever changes a file and its checksum would leave it. */
async function rewrite(
  header: Record<string, unknown>,
  changeRows = (rows: string): string => rows,
): Promise<void> {
  const bytes = await readFile(file);
  const [end, last] = [bytes.indexOf(10), bytes.lastIndexOf(10, -2)];
  const first = { ...JSON.parse(bytes.subarray(0, end).toString()), ...header };
  const rows = changeRows(gunzipSync(bytes.subarray(end + 1, last)).toString());
  const content = Buffer.concat([
    Buffer.from(`${JSON.stringify(first)}\n`),
    gzipSync(rows),
    bytes.subarray(last, -67),
  ]);
  const digest = createHash('sha256').update(content).digest('hex');
  await writeFile(file, Buffer.concat([content, Buffer.from(`${digest}"}\n`)]));
}

it('restores every row of every table and goes on with the numbers', async () => {
  const header = await back();
  expect(header).toMatchObject({ migration: newest, madeBy: '1.2.3', madeAt: '2026-11-28T02:00:00.000Z' });
  expect(header.rows.tickets).toBe(300);
  expect(await readdir(folder)).toEqual(['desk.backup']);
  const other = await emptyDesk();
  const feed = () => queryAt(other, 'select feed_id from ticket_feed');
  const before = await feed();

  expect(await restore(other)).toEqual(header);
  expect(await everything(other)).toEqual(await everything(seeded));
  expect(await feed()).not.toEqual(before);
  const store = await open(other);
  const [created] = await store.create([aCreate()]);
  expect(created).toMatchObject({ state: 'created', ticket: { id: 301 } });
  await store.close();
});

it('tells how far it is, to its end', async () => {
  const percents: number[] = [];
  const toEnd = () => ({ onRows: tellPercent((percent) => percents.push(percent)) });
  await writeBackup({ postgresUrl: seeded, file, appVersion: '1.2.3', madeAt, ...toEnd() });
  await restoreBackup({ postgresUrl: await emptyDesk(), file, logger: silent, ...toEnd() });
  const second = percents.lastIndexOf(100, -2) + 1;
  for (const told of [percents.slice(0, second), percents.slice(second)]) {
    expect(told.at(-1)).toBe(100);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
  }
});

it('is of one moment, whatever is written meanwhile', async () => {
  const busy = await emptyDesk();
  const store = await open(busy);
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      const [outcome] = await store.create([aCreate()]);
      if (outcome?.state === 'created') await store.update(outcome.ticket.id, { status: 'Completed' });
    }
  })();
  for (let round = 1; round <= 5; round += 1) await back(busy);
  isOver = true;
  await writing;
  await store.close();

  const other = await emptyDesk();
  await restore(other);
  const wrong = await queryAt(
    other,
    `select id, version from tickets where version is distinct from
       (select max(version) from ticket_history where ticket_id = tickets.id)
     union all select ticket_id, version from ticket_history where ticket_id not in (select id from tickets)
     union all select 0, (select sum(tickets) from status_counts) - (select count(*) from tickets)
       where (select coalesce(sum(tickets), 0) from status_counts) <> (select count(*) from tickets)`,
  );
  expect(wrong).toEqual([]);
});

it('restores a backup of an older Ticket Desk, and brings it up to date', async () => {
  const older = await postgres.createDatabase();
  const client = await connectForUpkeep(older);
  await applyMissing(client, silent, 10);
  await client.query(`insert into tickets (title, description, status, name, version, created_at, updated_at)
    values ('Old printer', E'two\\nlines\\t\\\\.', 'New', 'Ada', 1, now(), now())`);
  await client.end();
  expect(await back(older)).toMatchObject({ migration: 10 });
  const other = await emptyDesk();
  await restore(other);
  expect(await queryAt(other, `select title, description, search is not null as found from tickets`)).toEqual(
    [{ title: 'Old printer', description: 'two\nlines\t\\.', found: true }],
  );
  expect(await queryAt(other, 'select max(version) from schema_migrations')).toEqual([{ max: newest }]);
});

it('refuses what is newer, torn, changed or no backup, and changes nothing', async () => {
  await back();
  const whole = await readFile(file);
  const other = await emptyDesk();
  const before = await everything(other);
  const refused = async (bytes: Uint8Array | undefined, words: RegExp) => {
    if (bytes) await writeFile(file, bytes);
    await expect(restore(other)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(words),
    });
  };
  for (const share of [0.001, 0.1, 0.5, 0.9, 0.999])
    await refused(whole.subarray(0, whole.length * share), /damaged/);
  await refused(whole.subarray(0, -1), /damaged/);
  const headerEnd = whole.indexOf(10);
  // The first line, each byte that begins the compressed rows, their middle and end, and the last line.
  const places = [25, headerEnd - 3, headerEnd, ...Array.from({ length: 12 }, (_, n) => headerEnd + 1 + n)];
  places.push(
    Math.floor(whole.length / 2),
    whole.length - 200,
    whole.length - 150,
    whole.length - 30,
    whole.length - 2,
  );
  for (const place of places) {
    const changed = Buffer.from(whole);
    changed[place] = (changed[place] ?? 0) ^ 1;
    await refused(changed, /damaged|newer/);
  }
  await refused(Buffer.concat([whole, Buffer.from('x')]), /damaged/);
  await refused(Buffer.from('%PDF-1.7'), /is not a backup/);
  await refused(Buffer.alloc(0), /is not a backup/);
  await writeFile(file, whole);
  await rewrite({ ticketDeskBackup: 2 });
  await refused(undefined, /made by a newer Ticket Desk \(1\.2\.3\)/);
  await writeFile(file, whole);
  await rewrite({ migration: newest + 1 });
  await refused(undefined, /made by a newer Ticket Desk/);
  await writeFile(file, whole);
  await rewrite({ rows: { ...(await openBackupOf(whole)).rows, tickets: 299 } });
  await refused(undefined, /rows of tickets are missing/);
  await writeFile(file, whole);
  await rewrite({}, (rows) => rows.replace('"columns":["id"', '"columns":["nonsense"'));
  await refused(undefined, /its rows do not fit/);
  await rm(file);
  await refused(undefined, /can't be read \(ENOENT\)/);
  expect(await everything(other)).toEqual(before);
});

async function openBackupOf(bytes: Uint8Array): Promise<BackupHeader> {
  const copy = path.join(folder, 'copy.backup');
  await writeFile(copy, bytes);
  return (await openBackup(copy)).header;
}

it('refuses a desk with tickets', async () => {
  await back();
  const used = await emptyDesk();
  const store = await open(used);
  await store.create([aCreate()]);
  await store.close();
  const before = await everything(used);
  await expect(restore(used)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await everything(used)).toEqual(before);
});

it('leaves the earlier file whole when the disk is full', async (context) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return context.skip('only root may mount the small disk that this needs');
  }
  try {
    const small = await emptyDesk();
    await back(small);
    await writeFile(path.join(folder, 'filler'), Buffer.alloc(1_000_000));
    const earlier = await readFile(file);
    await expect(back()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/The disk is full/),
    });
    expect(await readFile(file)).toEqual(earlier);
    expect((await readdir(folder)).sort()).toEqual(['desk.backup', 'filler']);
    await checkBackup(file);
  } finally {
    execFileSync('umount', [folder]);
  }
});

it('called off it leaves nothing, and the earlier file whole', async () => {
  await back();
  const earlier = await readFile(file);
  const calledOff = new AbortController();
  const making = writeBackup({
    postgresUrl: seeded,
    file,
    appVersion: '1.2.3',
    madeAt,
    signal: calledOff.signal,
  });
  setImmediate(() => calledOff.abort());
  await expect(making).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['desk.backup']);
  expect(await readFile(file)).toEqual(earlier);
});

/** The address of a way to the database that breaks as soon as this statement is sent on it. */
async function breakingAt(statement: string, postgresUrl: string): Promise<string> {
  const url = new URL(postgresUrl);
  const folder = url.searchParams.get('host');
  const server = createServer((near) => {
    const far = folder ? connect(path.join(folder, postgresSocketName)) : connect(Number(url.port));
    far.on('error', () => {}).pipe(near);
    near.on('data', (bytes) => {
      if (bytes.includes(`${statement}\0`)) near.destroy();
      else far.write(bytes);
    });
    near.on('error', () => {}).once('close', () => far.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return Object.assign(url, { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, search: '' }).href;
}

it.each([
  ['in the middle', 'from stdin', 'nothing was changed'],
  ['at the end', 'commit', 'either all its tickets are here, or none'],
])('says what is certain of a restore whose database is lost %s', async (_when, statement, words) => {
  await back();
  const empty = await emptyDesk();
  await expect(restore(await breakingAt(statement, empty))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining(words),
  });
  await vi.waitFor(() => restore(empty), 10_000);
  expect(await everything(empty)).toEqual(await everything(seeded));
});

it.each([
  ['make', 'does not answer'],
  ['restore', 'nothing was changed'],
] as const)('says that the database is gone when it has to %s', async (kind, words) => {
  await back();
  const gone = Object.assign(new URL(seeded), { host: '127.0.0.1:1', search: '' });
  const tasks = backupTasks({ postgresUrl: gone.href, version: '1.2.3', logger: silent });
  await expect(tasks.run({ kind, file }, () => undefined)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining(words),
  });
});
