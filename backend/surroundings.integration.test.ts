/** A desk on a person's machine: a shell that is set up for other programs, odd folders, odd names. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type DeskProcessOptions,
  databaseAddress,
  makeDataDir,
  queryDatabase,
  removeDataDir,
  runDesk,
  startDesk,
  until,
} from './testing/desk-process.ts';
import { startTestPostgres } from './testing/postgres.ts';
import { spawnProgram } from './testing/program.ts';
import { queryAt } from './testing/test-database.ts';

let folder: string;

beforeEach(async (context) => {
  folder = await makeDataDir();
  context.onTestFinished(() => removeDataDir(folder));
});

async function start(options: Partial<DeskProcessOptions> = {}) {
  const desk = await startDesk({ dataDir: folder, ...options });
  onTestFinished(async () => void (await desk.stop()));
  return desk;
}

const createTicket =
  'mutation { createTicket(input: { title: "Odd", description: "", name: "Ada" }) { success } }';
const titles = '{ tickets { title createdAt } }';

async function storesATicket(desk: Awaited<ReturnType<typeof start>>): Promise<void> {
  await desk.healthy();
  await desk.graphql(createTicket);
  await until(async () => {
    const { data } = await desk.graphql<{ tickets: unknown[] }>(titles);
    return data?.tickets.length === 1;
  });
}

describe('a shell that is set up for other programs', () => {
  /** Each alone would keep the desk from its database, or have it print or send what it carries. */
  const shell = {
    PGSSLMODE: 'require',
    PGOPTIONS: '-c search_path=app',
    PGDATA: '/nowhere',
    PGDATESTYLE: 'German',
    NODE_OPTIONS: '--openssl-legacy-provider',
    NODE_ENV: 'test',
    http_proxy: 'http://127.0.0.1:1',
    grpc_proxy: 'http://127.0.0.1:1',
    LC_ALL: 'xx_XX.broken',
    TZ: 'Nowhere/Land',
    DEBUG: '*',
    GRPC_TRACE: 'all',
    GRPC_VERBOSITY: 'DEBUG',
    APOLLO_KEY: 'service:x:y',
    APOLLO_GRAPH_REF: 'x@y',
    POSTGRES_URL: 'postgresql://elsewhere/app',
    REDIS_URL: 'redis://elsewhere',
    TMPDIR: '/nowhere/at/all',
    LIBC: 'musl',
    npm_config_arch: 'arm64',
    CLASSIC_LEVEL_PREBUILD: '/nowhere',
  };

  it('does not reach the parts of the desk', async () => {
    const libraries = path.join(folder, 'libraries');
    await mkdir(libraries);
    for (const name of ['libxml2.so.2', 'libssl.so.1.1', 'libz.so.1']) {
      await writeFile(path.join(libraries, name), 'of another program');
    }
    const dataDir = path.join(folder, 'desk');
    const desk = await start({
      dataDir,
      env: { ...shell, LD_LIBRARY_PATH: libraries },
      wrapper: ['sh', '-c', 'umask 000; exec "$@"', 'sh'],
    });
    await storesATicket(desk);
    expect(desk.output()).not.toMatch(/ioredis|subchannel|apollo/i);
    for (const name of ['.', ...(await readdir(dataDir))]) {
      expect([name, (await stat(path.join(dataDir, name))).mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('nor a ticket service alone, which goes by POSTGRES_URL', async () => {
    const postgres = await startTestPostgres({ overTcp: true });
    onTestFinished(postgres.stop);
    const { child, log } = await spawnProgram({
      program: 'ticket-service',
      env: {
        POSTGRES_URL: await postgres.createDatabase(),
        GRPC_ADDRESS: '127.0.0.1:0',
        PGSSLMODE: 'require',
        PGOPTIONS: '-c default_transaction_read_only=on',
        PGPASSWORD: 'wrong',
        NODE_PG_FORCE_NATIVE: '1',
      },
    });
    onTestFinished(async () => {
      child.kill();
      await log.closed;
    });
    await log.ready;
    expect(log.output()).toContain('every user of this computer can read and change tickets');
  });
});

it('says what keeps the ticket service from its database, whether waiting helps or not', async () => {
  const desk = await start();
  await desk.healthy();
  const reason = async () => {
    const { data } = await desk.graphql<{ link: { reason: string | null } }>('{ link { reason } }');
    return data?.link.reason ?? '';
  };
  const address = { ...(await databaseAddress(folder)), database: 'template1' };
  await queryAt(address, 'alter database postgres with allow_connections false');
  await desk.kill('ticket-service');
  await until(async () => /not currently accepting connections/.test(await reason()));
  await queryAt(address, 'alter database postgres with allow_connections true');
  await desk.healthy();
  expect(await reason()).toBe('');

  await queryDatabase(folder, `insert into schema_migrations values (9999, 'of a time to come')`);
  await desk.kill('ticket-service');
  await until(async () => /made by a newer Ticket Desk/.test(await reason()));
});

describe('a data folder', () => {
  it.each([
    ['odd letters', `Smith, "John" 'O' 50% #1?a=b&c;d \\ $HOME \`x\` %2C ~ é票 `],
    ['line breaks', 'one\ntwo\r\nthree'],
    ['more letters than a socket', 'l'.repeat(200)],
  ])('may have %s in its path', async (_name, name) => {
    // Inside one more: the ends of the variable itself are trimmed.
    const dataDir = path.join(folder, name, 'desk');
    const desk = await start({ dataDir });
    await storesATicket(desk);
    await desk.kill('desk');
    const again = await start({ dataDir });
    await again.healthy();
    expect((await again.graphql<{ tickets: unknown[] }>(titles)).data?.tickets).toHaveLength(1);
    await again.stop();
    expect(await readdir(folder)).toEqual([name]);
  });

  it('is refused where its path is too long for a database', async () => {
    const dataDir = path.join(folder, ...Array.from({ length: 5 }, () => 'n'.repeat(200)));
    const { code, output } = await runDesk({ dataDir, env: { LOG_LEVEL: 'silent' } });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The path of the data folder is too long for the database: .* Choose a shorter DATA_DIR\.$/,
    );
  });

  it.each(['~/desk', 'desk'])('is never guessed: %s', async (dataDir) => {
    const { code, output } = await runDesk({ dataDir });
    expect(code).toBe(1);
    expect(output).toMatch(/DATA_DIR must be an absolute path/);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('is in the home, and said, where XDG_DATA_HOME is no absolute path', async () => {
    const desk = await start({ env: { DATA_DIR: '', HOME: folder, XDG_DATA_HOME: 'share' } });
    await desk.healthy();
    const dataDir = path.join(folder, '.local', 'share', 'ticket-desk');
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(true);
    expect(existsSync('share')).toBe(false);
    expect(desk.output()).toContain(`Data folder: ${dataDir}`);
  });
});

describe('HOST', () => {
  it("that is this computer's name opens nothing to the network, which is said", async () => {
    const desk = await start({ env: { HOST: hostname() } });
    expect(desk.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(desk.output()).toContain(`HOST is set to ${hostname()}: this computer's name`);
  });

  it('that means something is said to come from the environment', async () => {
    const desk = await start({ env: { HOST: '127.0.0.2' } });
    expect(desk.output()).toContain('Set by the environment: HOST=127.0.0.2, PORT=0');
  });

  it('that is not known is said to come from the environment', async () => {
    const { code, output } = await runDesk({
      dataDir: folder,
      env: { HOST: 'nowhere.invalid', API_TOKENS: 'a-token-of-enough-characters', LOG_LEVEL: 'silent' },
    });
    expect(code).toBe(1);
    expect(output).toMatch(/HOST nowhere\.invalid .* The environment sets it: unset it/);
  });
});
