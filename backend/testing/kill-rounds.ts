/**
 * Files tickets without a pause while parts of the desk are killed, and counts what became of them. A seed
 * repeats what is killed and after how long; what the machine makes of it differs from run to run.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type DeskPart, queryDatabase, startDesk, type TestDesk, until } from './desk.ts';
import { seededRandom } from './random.ts';

export interface KillOptions {
  dataDir: string;
  rounds: number;
  seed: number;
  /** Where serve.cjs is; bundled for this process when left out. */
  bundleDir?: string;
  onRound?: (round: { number: number; parts: readonly DeskPart[]; answered: number }) => void;
}

export interface KillReport {
  kills: Record<DeskPart, number>;
  /** Creates that the desk answered with success. */
  answered: number;
  /** Tickets in the database at the end. */
  stored: number;
  /** Request ids that were answered and are not stored. */
  lost: string[];
  /** Request ids, or titles, that were stored more than once. */
  doubled: string[];
  /** Answers that were neither success nor a refusal that may pass. */
  wrong: string[];
}

const writers = 4;
/** Between two creates of one writer: enough to be always at it, without a backlog that only costs time. */
const pauseMs = 20;
/** The longest that a round waits before it kills. */
const longestMs = 250;
const choices: readonly [readonly DeskPart[], ...(readonly DeskPart[])[]] = [
  ['desk'],
  ['desk'],
  ['ticket-service'],
  ['postgres'],
  ['ticket-service', 'postgres'],
];

export async function runKillRounds(options: KillOptions): Promise<KillReport> {
  const { dataDir, rounds, onRound } = options;
  const random = seededRandom(options.seed);
  const bundleDir = options.bundleDir && { bundleDir: options.bundleDir };
  const kills: Record<DeskPart, number> = { desk: 0, 'ticket-service': 0, postgres: 0 };
  let desk = await startDesk({ dataDir, ...bundleDir });
  const filing = startFiling(() => desk);
  try {
    for (let number = 1; number <= rounds; number += 1) {
      await delay(random.below(longestMs));
      const parts = random.pick(choices);
      for (const part of parts) kills[part] += 1;
      await Promise.all(parts.map((part) => desk.kill(part)));
      if (parts.includes('desk')) desk = await startDesk({ dataDir, ...bundleDir });
      await running(desk);
      // Mostly while tickets are being stored, sometimes while the parts still find each other.
      if (random.below(4) > 0) await desk.healthy();
      onRound?.({ number, parts, answered: filing.answered.size });
    }
    await filing.stop();
    await until(() => isOutboxEmpty(desk), { timeoutMs: 60_000, everyMs: 100 });
    return { kills, ...(await count(dataDir, filing)), wrong: filing.wrong };
  } finally {
    await filing.stop();
    await desk.stop();
  }
}

/** Resolves once both parts behind the desk run, which is what the next kill needs. */
async function running(desk: TestDesk): Promise<void> {
  await until(async () => desk.pidOf('postgres') !== undefined && desk.pidOf('ticket-service') !== undefined);
}

interface Filing {
  /** Request id to title. */
  answered: Map<string, string>;
  wrong: string[];
  stop(): Promise<void>;
}

/** A ticket that the person wants filed: sent again under the same request id until it is answered. */
function startFiling(desk: () => TestDesk): Filing {
  const answered = new Map<string, string>();
  const wrong: string[] = [];
  let stopping = false;
  let count = 0;

  async function fileOne(): Promise<void> {
    const requestId = randomUUID();
    count += 1;
    const title = `ticket ${count}`;
    // One that was begun is seen through to its answer, even while stopping: the desk is up again by then.
    for (;;) {
      const answer = await send(desk(), { requestId, title });
      if (answer === 'stored or queued') return void answered.set(requestId, title);
      if (answer !== 'no answer') return void wrong.push(answer);
      await delay(10);
    }
  }

  async function write(): Promise<void> {
    while (!stopping) {
      await fileOne();
      await delay(pauseMs);
    }
  }

  const done = Promise.all(Array.from({ length: writers }, write));
  return {
    answered,
    wrong,
    async stop() {
      stopping = true;
      await done;
    },
  };
}

const createTicket = /* GraphQL */ `
  mutation ($input: NewTicket!) { createTicket(input: $input) { success requestId state } }
`;

async function send(desk: TestDesk, ticket: { requestId: string; title: string }): Promise<string> {
  try {
    const input = { ...ticket, description: 'filed while things break', name: 'kill rounds' };
    const { data, errors } = await desk.graphql<{ createTicket: { success: boolean; state: string } }>(
      createTicket,
      { input },
    );
    if (data?.createTicket.success && data.createTicket.state !== 'FAILED') return 'stored or queued';
    if (errors?.[0]?.extensions?.code === 'UNAVAILABLE') return 'no answer';
    return JSON.stringify({ data, errors });
  } catch (thrown) {
    // Nobody answers, or the answer broke off: whether it was filed is not known.
    if (thrown instanceof TypeError || thrown instanceof SyntaxError) return 'no answer';
    throw thrown;
  }
}

async function isOutboxEmpty(desk: TestDesk): Promise<boolean> {
  const { data } = await desk.graphql<{ outbox: { waiting: number; failed: number } }>(
    '{ outbox { waiting failed } }',
  );
  return data?.outbox.waiting === 0 && data.outbox.failed === 0;
}

async function count(
  dataDir: string,
  { answered }: Filing,
): Promise<Pick<KillReport, 'answered' | 'stored' | 'lost' | 'doubled'>> {
  const rows = await queryDatabase<{ request_id: string; title: string }>(
    dataDir,
    'select request_id, title from tickets',
  );
  const titles = new Map(rows.map((row) => [row.request_id, row.title]));
  const seen = new Set<string>();
  const doubled: string[] = [];
  for (const row of rows) {
    for (const key of [row.request_id, row.title]) {
      if (seen.has(key)) doubled.push(key);
      seen.add(key);
    }
  }
  const lost = [...answered].filter(([id, title]) => titles.get(id) !== title).map(([id]) => id);
  return { answered: answered.size, stored: rows.length, lost, doubled };
}
