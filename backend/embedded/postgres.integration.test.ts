import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../logger.ts';
import { socketFolder } from './endpoints.ts';
import { postgresSocketName, startPostgres } from './postgres.ts';
import { isAlive, waitUntilGone } from './processes.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let dataDir: string;

beforeEach(async (context) => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'desk-postgres-'));
  // Runs last, after what a test has started was stopped.
  context.onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
});

/** Starts it in this process; `started` and `problem` resolve at the next such event. */
function start(folder = dataDir) {
  const listeners: ((problem: unknown) => void)[] = [];
  const progress: string[] = [];
  const postgres = startPostgres({
    dataDir: folder,
    endpoint: {
      kind: 'socket',
      folder: socketFolder({ dataDir: folder, name: 'pg-run', socketName: postgresSocketName }),
    },
    logger,
    onProgress: (text) => progress.push(text),
    onProblem: (problem) => {
      for (const listener of listeners.splice(0)) listener(problem);
    },
  });
  onTestFinished(() => postgres.stop());
  const next = () => new Promise<unknown>((resolve) => listeners.push(resolve));
  const started = async () => {
    while ((await next()) !== undefined);
  };
  const problem = async () => {
    for (;;) {
      const told = await next();
      if (told instanceof Error) return told;
    }
  };
  return { ...postgres, progress, started, problem };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('the built-in Postgres', () => {
  it('is set up by the first start alone, syncs to disk, and listens on a socket of this user alone', async () => {
    const first = start();
    await first.started();
    expect(first.progress[0]).toMatch(/Setting up the database/);
    const url = await first.url;
    const [row] = await query(
      url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
              current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums`,
    );
    expect(row).toEqual({ fsync: 'on', commit: 'on', addresses: '', checksums: 'on' });
    expect((await stat(path.join(dataDir, 'pg-run'))).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    await query(url, 'create table kept (id int)');
    await first.stop();

    const second = start();
    await second.started();
    expect(second.progress.join()).not.toMatch(/Setting up/);
    expect(await query(await second.url, 'select * from kept')).toEqual([]);
  });

  it('has a cache that grows with its databases', async () => {
    const cache = async (url: string) => (await query(url, 'show shared_buffers'))[0]?.shared_buffers;
    const small = start();
    await small.started();
    expect(await cache(await small.url)).toBe('32MB');
    const [database] = await query(
      await small.url,
      'select oid from pg_database where datname = current_database()',
    );
    await small.stop();
    // A hole on the disk: it takes no room.
    const file = path.join(dataDir, 'postgres', 'base', String(database?.oid), '4000000000');
    for (const [gigabytes, expected] of [
      [2, '129MB'],
      [9, '256MB'],
    ] as const) {
      await writeFile(file, '');
      await truncate(file, gigabytes * 2 ** 30);
      const large = start();
      await large.started();
      expect(await cache(await large.url)).toBe(expected);
      await large.stop();
    }
  });

  it('lets nobody in without the password', async () => {
    const postgres = start();
    await postgres.started();
    const wrong = (await postgres.url).replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('starts again by itself after a kill -9, and keeps what was committed', async () => {
    const postgres = start();
    await postgres.started();
    const url = await postgres.url;
    await query(url, 'create table kept as select 1 as id');
    const client = new pg.Client(url);
    client.on('error', () => {});
    await client.connect();
    const again = postgres.started();
    process.kill(await postmasterPid(), 'SIGKILL');
    await again;
    expect(await query(url, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  it.each([
    ['its socket is gone', () => rm(path.join(dataDir, 'pg-run', postgresSocketName))],
    ['the folder of its socket is gone', () => rm(path.join(dataDir, 'pg-run'), { recursive: true })],
    ['it hangs', async () => process.kill(await postmasterPid(), 'SIGSTOP')],
  ])('serves again by itself when %s, and keeps what was committed', async (_what, damage) => {
    const postgres = start();
    await postgres.started();
    const url = await postgres.url;
    await query(url, 'create table kept as select 1 as id');
    const again = postgres.started();
    await damage();
    await again;
    expect(await query(url, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  it('leaves no process when it is stopped', async () => {
    const postgres = start();
    await postgres.started();
    const pid = await postmasterPid();
    await postgres.stop();
    expect(await isAlive(pid)).toBe(false);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('leaves no half a cluster when it is stopped while it sets up', async () => {
    const postgres = start();
    while (!(await readdir(dataDir)).some((name) => name.startsWith('postgres.new-'))) await nextTick();
    await postgres.stop();
    expect(await readdir(dataDir)).toEqual(['postgres-password']);
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = path.join(dataDir, 'x'.repeat(100));
    await mkdir(deep);
    const postgres = start(deep);
    await postgres.started();
    expect(await query(await postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('gives itself a new password when the file with the old one is lost', async () => {
    const first = start();
    await first.started();
    const oldUrl = await first.url;
    await query(oldUrl, 'create table kept as select 1 as id');
    await first.stop();
    await unlink(path.join(dataDir, 'postgres-password'));
    const second = start();
    await second.started();
    expect(await second.url).not.toBe(oldUrl);
    expect(await query(await second.url, 'select id from kept')).toEqual([{ id: 1 }]);
  });
});

describe('what a killed desk left', () => {
  it('a running Postgres is stopped before a new one starts', async () => {
    const holder = await startHolder('started');
    const leftover = await postmasterPid();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await isAlive(leftover)).toBe(true);

    const postgres = start();
    await postgres.started();
    expect(await isAlive(leftover)).toBe(false);
    expect(await postmasterPid()).not.toBe(leftover);
    expect(await query(await postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === 'linux')(
    'is found by what runs, though the file that names it is gone, and one that is stopped',
    async () => {
      const holder = await startHolder('started');
      const leftover = await postmasterPid();
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      await unlink(path.join(dataDir, 'postgres', 'postmaster.pid'));
      process.kill(leftover, 'SIGSTOP');

      const postgres = start();
      await postgres.started();
      expect(await isAlive(leftover)).toBe(false);
      expect(await query(await postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  it.runIf(process.platform === 'linux')(
    'children that are stopped and have lost their postmaster do not keep it from starting',
    async () => {
      const holder = await startHolder('started');
      const leftover = await postmasterPid();
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      const children = (await readFile(`/proc/${leftover}/task/${leftover}/children`, 'utf8'))
        .trim()
        .split(' ');
      expect(children.length).toBeGreaterThan(1);
      for (const child of children) process.kill(Number(child), 'SIGSTOP');
      process.kill(leftover, 'SIGKILL');
      await waitUntilGone(leftover, 5_000);

      const postgres = start();
      await postgres.started();
      expect(await query(await postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  it('half a cluster is not taken for a whole one', async () => {
    const holder = await startHolder('Setting up');
    while (!(await readdir(dataDir)).some((name) => name.startsWith('postgres.new-'))) await nextTick();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);

    const postgres = start();
    await postgres.started();
    expect(await query(await postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  });

  it('a process id that another program has by now does not keep it from starting', async () => {
    const first = start();
    await first.started();
    const pid = await postmasterPid();
    const pidFile = path.join(dataDir, 'postgres', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    // Postgres takes a process of its own user for a postmaster, whatever it is.
    const { uid, gid } = await stat(path.join(dataDir, 'postgres'));
    const other = spawn('sleep', ['60'], { uid, gid });
    onTestFinished(() => void other.kill());
    await writeFile(pidFile, text.replace(String(pid), String(other.pid)));

    const second = start();
    await second.started();
    expect(await query(await second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(other.pid ?? 0)).toBe(true);
  });
});

describe('a database that can’t be opened is left as it is', () => {
  it.each([
    ['made by another major version', 'PG_VERSION', '17\n', /made by Postgres 17, .* has Postgres 18/],
    ['without its version', 'base', '', /not a whole database \(its file PG_VERSION is missing\)/],
  ])('%s', async (_name, file, content, expected) => {
    const cluster = path.join(dataDir, 'postgres');
    await mkdir(cluster);
    await writeFile(path.join(cluster, file), content);
    const postgres = start();
    const problem = await postgres.problem();
    expect(problem.message).toMatch(expected);
    expect(problem.message).toContain(cluster);
    await postgres.stop();
    expect(await readdir(cluster)).toEqual([file]);
    expect(await readdir(dataDir)).toEqual(['postgres']);
    expect(await readFile(path.join(cluster, file), 'utf8')).toBe(content);
  });
});

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A process of its own that runs Postgres on the data folder, once it has told so much. */
async function startHolder(until: string) {
  const holder = fork(path.join(import.meta.dirname, '../testing/hold-postgres.ts'), [dataDir], {
    execArgv: ['--import', 'tsx'],
  });
  onTestFinished(async () => {
    holder.kill('SIGKILL');
    if (existsSync(path.join(dataDir, 'postgres', 'postmaster.pid')))
      await waitUntilGone(await postmasterPid(), 5_000);
  });
  await new Promise<void>((resolve) => {
    holder.on('message', (text) => String(text).startsWith(until) && resolve());
  });
  return holder;
}
