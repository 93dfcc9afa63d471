/** A whole desk as a process: how it starts, what it refuses, what it survives, what it leaves behind. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from './embedded/processes.ts';
import { readParts } from './proxy/testing/multipart-reader.ts';
import {
  makeDataDir,
  queryDatabase,
  removeDataDir,
  runDesk,
  startDesk,
  type TestDesk,
  until,
} from './testing/desk-process.ts';
import { callerHeaders } from './testing/graphql.ts';

const createTicket = /* GraphQL */ `
  mutation ($title: String!) {
    createTicket(input: { title: $title, description: "", name: "Ada" }) { success state }
  }
`;

let dataDir: string;

beforeEach(async (context) => {
  dataDir = await makeDataDir();
  context.onTestFinished(() => removeDataDir(dataDir));
});

async function start(env?: Record<string, string>): Promise<TestDesk> {
  const desk = await startDesk({ dataDir, ...(env && { env }) });
  onTestFinished(async () => void (await desk.stop()));
  return desk;
}

async function storedTitles(): Promise<string[]> {
  const rows = await queryDatabase<{ title: string }>(dataDir, 'select title from tickets order by id');
  return rows.map((row) => row.title);
}

describe('a desk', () => {
  it('takes creates before its database is there, and stores them by itself', async () => {
    const desk = await start();
    const { data } = await desk.graphql(createTicket, { title: 'early' });
    expect(data).toMatchObject({ createTicket: { success: true } });
    await desk.healthy();
    await until(async () => (await storedTitles()).includes('early'));
  });

  it('leaves no process and exits with 0 on SIGINT', async () => {
    const desk = await start();
    await desk.healthy();
    const pids = (['desk', 'ticket-service', 'postgres'] as const).map((part) => desk.pidOf(part) ?? 0);
    expect(await desk.stop('SIGINT')).toBe(0);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false, false]);
    expect(await readdir(dataDir)).toEqual([
      'bulk',
      'format.json',
      'imports',
      'kept',
      'outbox',
      'postgres',
      'postgres-password',
      'writes',
    ]);
  });

  it('goes on, and stops when asked, when nobody reads its output any more', async () => {
    const desk = await start();
    await desk.healthy();
    desk.closeOutput();
    // Node lets the first print into nowhere pass, and throws at the next.
    for (let times = 0; times < 3; times += 1) {
      const pid = await postmasterPid();
      process.kill(pid, 'SIGKILL');
      await until(async () => ![pid, 0].includes(await postmasterPid()));
      await desk.healthy();
    }
    expect(await desk.stop()).toBe(0);
  });

  it('stops when asked, and answers meanwhile, while it is sent what is dear to refuse', async () => {
    const desk = await start();
    await desk.healthy();
    const ways = [
      { input: { [`x at "${'a'.repeat(900_000)}!`]: 1 } },
      { input: Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1])) },
    ];
    const query = 'mutation($input: NewTicket!) { createTicket(input: $input) { success } }';
    const sent = ways.map((variables) => desk.graphql(query, variables));
    await desk.healthy();
    for (const { errors } of await Promise.all(sent)) {
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    }
    const last = ways.map((variables) => desk.graphql(query, variables).catch(() => undefined));
    expect(await desk.stop()).toBe(0);
    await Promise.all(last);
  });

  it('leaves no process when it is stopped in the middle of its first start', async () => {
    const desk = await start();
    expect(await desk.stop('SIGTERM')).toBe(0);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'shows no password and no token in a command line or in its log',
    async () => {
      const desk = await start({ LOG_LEVEL: 'trace' });
      await desk.healthy();
      const password = (await readFile(path.join(dataDir, 'postgres-password'), 'utf8')).trim();
      const service = desk.pidOf('ticket-service');
      const environment = (await readFile(`/proc/${service}/environ`, 'utf8')).split('\0');
      const token =
        environment.find((entry) => entry.startsWith('API_TOKENS='))?.slice('API_TOKENS='.length) ?? '';
      expect(token).not.toBe('');
      await desk.graphql(createTicket, { title: 'not for the log' });
      await until(async () => (await storedTitles()).length === 1);
      await desk.stop();
      const commands = await Promise.all(
        [service, desk.pidOf('postgres')].map((pid) =>
          readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        ),
      );
      for (const text of [...commands, desk.output()]) {
        expect(text).not.toContain(password);
        expect(text).not.toContain(token);
        expect(text).not.toContain('not for the log');
      }
    },
  );
});

describe('after a kill -9', () => {
  it.each(['ticket-service', 'postgres'] as const)('%s is started again by itself', async (part) => {
    const desk = await start();
    await desk.healthy();
    const again = desk.nextEntry((entry) => entry.part === part && entry.msg === 'started');
    await desk.kill(part);
    await desk.graphql(createTicket, { title: 'meanwhile' });
    expect((await again).childPid).toBeGreaterThan(0);
    await until(async () => (await storedTitles().catch((): string[] => [])).includes('meanwhile'));
  });

  it('of a database that does not come back, the link tells why though the service is there', async () => {
    const desk = await start();
    await desk.healthy();
    const settings = path.join(dataDir, 'postgres', 'postgresql.auto.conf');
    const good = await readFile(settings);
    const link = async () => (await desk.graphql('{ link { state reason } }')).data;
    const subscription = await fetch(`${desk.url}/graphql`, {
      method: 'POST',
      headers: { ...callerHeaders, accept: 'multipart/mixed;subscriptionSpec=1.0' },
      body: JSON.stringify({ query: 'subscription { linkChanged { reason } }' }),
    });
    const parts = readParts(subscription);
    const told = async (words: RegExp): Promise<void> => {
      const part = await parts.next();
      if (part === undefined) throw new Error('the subscription has ended');
      if (!words.test(JSON.stringify(part))) await told(words);
    };
    await appendFile(settings, 'nonsense\n');
    await desk.kill('postgres');
    await told(/database in .* does not start/);
    expect(await link()).toEqual({
      link: { state: 'CONNECTED', reason: expect.stringMatching(/does not start/) },
    });
    await writeFile(settings, good);
    await told(/"reason":null/);
    await desk.healthy();
  });

  it('of the desk, the next one stops the Postgres that was left, and has every create', async () => {
    const first = await start();
    await first.healthy();
    await first.graphql(createTicket, { title: 'kept' });
    const leftover = first.pidOf('postgres') ?? 0;
    const service = first.pidOf('ticket-service') ?? 0;
    await first.kill('desk');
    expect(await isAlive(leftover)).toBe(true);

    const second = await start();
    await second.healthy();
    expect(await isAlive(leftover)).toBe(false);
    await until(async () => (await storedTitles()).length === 1);
    expect(await storedTitles()).toEqual(['kept']);
    await until(async () => !(await isAlive(service)));
  });
});

describe('a desk that can’t start says so in one line, exits with 1 and touches nothing', () => {
  async function refused(env?: Record<string, string>): Promise<string> {
    const { code, output } = await runDesk({ dataDir, env: { LOG_LEVEL: 'silent', ...env } });
    expect(code).toBe(1);
    expect(output.split('\n')).toHaveLength(1);
    return output;
  }

  it('when another has the data folder open', async () => {
    const first = await start();
    await first.healthy();
    const before = await listing(dataDir);
    expect(await refused()).toMatch(/Another Ticket Desk has this data folder open/);
    expect(await listing(dataDir)).toEqual(before);
    expect((await first.graphql(createTicket, { title: 'still there' })).data).toMatchObject({
      createTicket: { success: true },
    });
  });

  it('when a newer one wrote the data folder', async () => {
    await writeFile(path.join(dataDir, 'format.json'), '{"format":2}');
    expect(await refused()).toMatch(/was written by a newer Ticket Desk \(format 2; .*format 1\)/);
    expect(await readdir(dataDir)).toEqual(['format.json']);
    expect(await readFile(path.join(dataDir, 'format.json'), 'utf8')).toBe('{"format":2}');
  });

  it('when the file with the format can’t be understood', async () => {
    await writeFile(path.join(dataDir, 'format.json'), 'torn');
    expect(await refused()).toMatch(/format\.json does not say which format/);
    expect(await readFile(path.join(dataDir, 'format.json'), 'utf8')).toBe('torn');
  });

  it('when the database is of another major version', async () => {
    await mkdir(path.join(dataDir, 'postgres'));
    await writeFile(path.join(dataDir, 'postgres', 'PG_VERSION'), '16\n');
    expect(await refused()).toMatch(/made by Postgres 16, and this Ticket Desk has Postgres 18/);
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  it('when the environment is not right, naming each variable', async () => {
    expect(await refused({ PORT: 'x', HOST: 'a b' })).toMatch(/PORT must .*HOST must|HOST must .*PORT must/);
    expect(await readdir(dataDir)).toEqual([]);
  });
});

it('a port that is taken is named in one line, and nothing stays behind', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const { code, output } = await runDesk({ dataDir, env: { PORT: port, LOG_LEVEL: 'silent' } });
  expect(code).toBe(1);
  expect(output.split('\n').at(-1)).toMatch(new RegExp(`${port}.*(taken|in use)`, 'i'));
  expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});

describe('a desk to which nobody gave a token', () => {
  it.each(['127.0.0.1', '0.0.0.0'])(
    'makes one once, tells its place alone, and demands it on %s',
    async (HOST) => {
      const env = { HOST, API_TOKENS: '' };
      const desk = await start(env);
      const file = path.join(dataDir, 'api-token');
      const token = (await readFile(file, 'utf8')).trim();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(desk.output()).toContain(file);
      expect(desk.output()).not.toContain(token);

      const ask = (headers: Record<string, string>) =>
        fetch(new URL('/graphql', desk.url.replace('0.0.0.0', '127.0.0.1')), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query: '{ __typename }' }),
        });
      expect((await ask({})).status).toBe(401);
      expect((await ask({ authorization: `Bearer ${token}x` })).status).toBe(401);
      expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
      const [, code] = /http:\/\/127\.0\.0\.1:\d+\/#code=(\S+)/.exec(desk.output()) ?? [];
      const session = await fetch(new URL('/session', desk.url.replace('0.0.0.0', '127.0.0.1')), {
        method: 'POST',
        headers: { authorization: `Bearer ${code}` },
      });
      const { token: ofSession } = await session.json();
      expect((await ask({ authorization: `Bearer ${ofSession}` })).status).toBe(200);
      await until(async () =>
        desk.output().includes('The link was used. For another browser: http://127.0.0.1'),
      );
      expect(desk.output()).not.toContain(ofSession);
      await desk.stop();

      await start(env);
      expect((await readFile(file, 'utf8')).trim()).toBe(token);
    },
  );

  it.runIf(process.getuid?.() === 0)('shows nothing to another user of the computer', async () => {
    const desk = await start({ API_TOKENS: '' });
    const asNobody = (script: string) =>
      promisify(execFile)(process.execPath, ['--eval', script], { uid: 65_534, gid: 65_534, cwd: '/' });
    const query = JSON.stringify({ query: '{ tickets { title } }' });
    const ask = `fetch('${desk.url}/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '${query}' })
      .then((answer) => console.log(answer.status))`;
    expect((await asNobody(ask)).stdout.trim()).toBe('401');
    const read = `require('node:fs').readFileSync('${path.join(dataDir, 'api-token')}')`;
    await expect(asNobody(read)).rejects.toThrow(/EACCES/);
  });
});

/** 0 when there is none. */
async function postmasterPid(): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n', 1)[0]);
}

/** Every file of the folder but those of a running Postgres, with its content. */
async function listing(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    // LOG is LevelDB's own diary, which it turns over before it asks for the lock.
    const counts =
      entry.isFile() && !file.startsWith(path.join(folder, 'postgres/')) && !entry.name.startsWith('LOG');
    if (counts) files[path.relative(folder, file)] = await readFile(file, 'base64');
  }
  return files;
}
