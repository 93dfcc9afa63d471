/** What a desk does when its disk is full, its outbox torn or its service away: it says so, and loses nothing. */
import { execFileSync } from 'node:child_process';
import { readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { composeDesk, type DeskBackend } from './compose.ts';
import { composeTicketService } from './compose-ticket-service.ts';
import { readProxyConfig, readTicketServiceConfig } from './config.ts';
import { createLogger } from './logger.ts';
import {
  makeDataDir,
  queryDatabase,
  removeDataDir,
  startDesk,
  type TestDesk,
  until,
} from './testing/desk-process.ts';
import { startTestPostgres } from './testing/postgres.ts';
import { testFolder } from './testing/test-folder.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const createTicket = /* GraphQL */ `
  mutation ($title: String!, $description: String!) {
    createTicket(input: { title: $title, description: $description, name: "Ada" }) { success state }
  }
`;

let dataDir: string;

beforeEach(async (context) => {
  dataDir = await makeDataDir();
  context.onTestFinished(() => removeDataDir(dataDir));
});

async function start(): Promise<TestDesk> {
  const desk = await startDesk({ dataDir });
  onTestFinished(async () => void (await desk.stop()));
  return desk;
}

it('the queue drains by itself when the service comes, without another write', async () => {
  const postgres = await startTestPostgres();
  onTestFinished(() => postgres.stop());
  const folder = testFolder();
  const address = `unix:${path.join(folder, 'service.sock')}`;
  const links: string[] = [];
  const desk = await composeDesk({
    dataDir,
    service: {
      kind: 'remote',
      ...readProxyConfig({ GRPC_ADDRESS: address }),
      onLink: (state) => void links.push(state),
    },
    logger,
    appVersion: '0.0.0',
  });
  onTestFinished(() => desk.stop());
  for (const title of ['one', 'two', 'three']) {
    expect(await ask(desk, createTicket, { title, description: '' })).toMatchObject({
      data: { createTicket: { success: true, state: 'QUEUED' } },
    });
  }
  expect(desk.outbox.waiting()).toEqual({ waiting: 3, failed: 0 });

  const drained = new Promise<void>((resolve) => {
    desk.outbox.onChange(() => {
      if (desk.outbox.waiting().waiting === 0) resolve();
    });
  });
  const service = await composeTicketService({
    ...readTicketServiceConfig({ POSTGRES_URL: await postgres.createDatabase(), GRPC_ADDRESS: address }),
    version: '0.0.0',
    logger,
    signal: new AbortController().signal,
  });
  onTestFinished(() => service.stop());
  await drained;
  expect(links.at(-1)).toBe('CONNECTED');
  expect(await ask(desk, '{ tickets { title } }')).toEqual({
    data: { tickets: [{ title: 'three' }, { title: 'two' }, { title: 'one' }] },
  });
});

describe('what runs and can’t be reached is mended by the desk itself, and nothing is lost', () => {
  const service = (desk: TestDesk) => desk.pidOf('ticket-service') ?? 0;

  it.each<[string, (desk: TestDesk) => Promise<void>]>([
    [
      'the socket of Postgres is gone and the ticket service killed',
      async (desk) => {
        await rm(path.join(dataDir, 'pg-run', '.s.PGSQL.5432'));
        await desk.kill('ticket-service');
      },
    ],
    [
      'the socket of the ticket service is gone and its link lost',
      async (desk) => {
        for (const name of await readdir(path.join(dataDir, 'run')))
          await rm(path.join(dataDir, 'run', name));
        const again = desk.nextEntry(({ part, msg }) => part === 'ticket-service' && msg === 'started');
        await again;
      },
    ],
    ['the ticket service hangs', async (desk) => void process.kill(service(desk), 'SIGSTOP')],
  ])('%s', { timeout: 90_000 }, async (_what, damage) => {
    const desk = await start();
    await desk.healthy();
    await desk.graphql(createTicket, { title: 'before', description: '' });
    await damage(desk);
    await desk.graphql(createTicket, { title: 'meanwhile', description: '' });
    await until(async () => (await storedTitles().catch((): string[] => [])).length === 2, {
      timeoutMs: 60_000,
    });
    expect(await storedTitles()).toEqual(['before', 'meanwhile']);
    await desk.healthy();
  });
});

it('an outbox that can’t be read is set aside, the person is told, and the desk works', async () => {
  const first = await start();
  await first.healthy();
  await first.stop();
  for (const name of await readdir(path.join(dataDir, 'outbox'))) {
    if (name.startsWith('MANIFEST-')) await writeFile(path.join(dataDir, 'outbox', name), 'torn');
  }

  const second = await start();
  const { data } = await second.graphql<{ notices: string[] }>('{ notices }');
  const aside = (await readdir(dataDir)).find((name) => name.startsWith('outbox.unreadable-'));
  expect(aside).toBeDefined();
  expect(data?.notices.join()).toContain(aside);
  await second.graphql(createTicket, { title: 'goes on', description: '' });
  await second.healthy();
  await until(async () => (await storedTitles()).includes('goes on'));
});

it.runIf(canMount())(
  'a create on a full disk is refused in plain words, and works again once there is space',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=0700', 'tmpfs', dataDir]);
    onTestFinished(() => void execFileSync('umount', [dataDir]));
    const desk = await start();
    await desk.healthy();
    const filler = path.join(dataDir, 'filler');
    expect(() =>
      execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' }),
    ).toThrow();

    const answered: string[] = [];
    const description = 'x'.repeat(10_000);
    let refusal: { message: string; extensions?: Record<string, unknown> } | undefined;
    // What lies in pages that are there already may still fit.
    for (let number = 1; number <= 50 && !refusal; number += 1) {
      const title = `on a full disk ${number}`;
      const { data, errors } = await desk.graphql(createTicket, { title, description });
      if (data) answered.push(title);
      refusal = errors?.[0];
    }
    expect(refusal?.message).toMatch(/^Not saved: .*The disk is full\. Free some space/);
    expect(refusal?.extensions?.code).toBe('UNAVAILABLE');

    await unlink(filler);
    answered.push('after that');
    await until(async () => {
      const { data } = await desk.graphql(createTicket, { title: 'after that', description });
      return data !== null && data !== undefined;
    });
    await until(async () => (await storedTitles().catch((): string[] => [])).length >= answered.length);
    expect((await storedTitles()).sort()).toEqual(answered.sort());
  },
);

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function ask(desk: DeskBackend, query: string, variables?: Record<string, unknown>): Promise<unknown> {
  const response = await desk.handle(
    new Request('http://desk/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }),
  );
  return await response.json();
}

async function storedTitles(): Promise<string[]> {
  const rows = await queryDatabase<{ title: string }>(dataDir, 'select title from tickets order by id');
  return rows.map((row) => row.title);
}
