/**
 * What one caller can make a desk hold: the proxy and the ticket service each stay under the limit that
 * docker-compose.yml gives them, whatever is asked of texts that are as long as they may be.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../proto/checks.ts';
import {
  makeDataDir,
  queryDatabase,
  removeDataDir,
  startDesk,
  type TestDesk,
} from './testing/desk-process.ts';
import { callerHeaders } from './testing/graphql.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
/** That of the proxy and the service alike. */
const limitMib = Number(/^x-desk:.*?mem_limit: (\d+)m/ms.exec(read('docker-compose.yml'))?.[1]);
const [nodeOptions = ''] = /(?<=NODE_OPTIONS=)\S+/.exec(read('build/Dockerfile')) ?? [];

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk({ dataDir: await makeDataDir(), env: { NODE_OPTIONS: nodeOptions } });
  await desk.healthy();
  await queryDatabase(desk.dataDir, seed);
});
afterAll(async () => {
  await desk.stop();
  await removeDataDir(desk.dataDir);
});

/** Characters of two UTF-16 units and four bytes each: the largest that a text can be. */
const seed = `
  set session_replication_role = replica;
  insert into tickets (title, description, status, name, version, created_at, updated_at)
    select repeat('😀', 200), repeat('😀', 10000), 'New', 'long', 1, now() + n * interval '1 ms', now()
    from generate_series(1, ${limits.maxListLength}) n;
  insert into comments (ticket_id, ticket_version, request_id, kind, body, created_at)
    select id, 1, gen_random_uuid(), 'NOTE', repeat('😀', 20000), now()
    from (select id from tickets order by id limit 1) t, generate_series(1, 2000);
`;

/** High-water mark of resident memory of the process. */
function highWaterMib(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}

async function send(query: string): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL('/graphql', desk.url), {
    method: 'POST',
    headers: callerHeaders,
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

const whole = 'id title description name status tags';
const comments = 'comments(first: 200) { edges { node { body } } }';
const page = (size: number, node: string) => `ticketPage(first: ${size}) { edges { node { ${node} } } }`;

/** Each as heavy as is allowed, or nearly so, and many of them at once. */
const attacks: Record<string, { query: string; times: number }> = {
  'pages of a thread': { query: `{ ticket(id: 1) { ${comments} } }`, times: 6 },
  'pages of tickets': { query: `{ ${page(200, whole)} }`, times: 10 },
  'the longest list': { query: `{ tickets { ${whole} } }`, times: 3 },
};

describe.skipIf(process.platform !== 'linux')('both stay within the limit of docker-compose.yml', () => {
  it.each(Object.entries(attacks))(
    'whoever asks for %s many times',
    async (_, { query, times }) => {
      const answers = await Promise.all(Array.from({ length: times }, () => send(query)));
      // Who has waited for too long is told so.
      for (const { status } of answers) expect([200, 503]).toContain(status);
      for (const part of ['desk', 'ticket-service'] as const) {
        const mark = highWaterMib(desk.pidOf(part) ?? 0);
        expect(mark, part).toBeLessThan(limitMib);
      }
    },
    60_000,
  );
});
