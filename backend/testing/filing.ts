/** Files tickets without a pause, through whatever breaks, and tells afterwards what became of them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphqlServer } from './graphql.ts';

export interface Filing {
  /** Request id to title. */
  answered: Map<string, string>;
  wrong: string[];
  /** Begins no new one until release(). */
  hold(): void;
  release(): void;
  stop(): Promise<void>;
}

/** Files tickets that somebody wants filed: each is sent again under the same request id until it is answered. */
export function startFiling(
  desk: () => GraphqlServer,
  // Always at it, without a backlog that only costs time.
  { writers, pauseMs } = { writers: 4, pauseMs: 20 },
): Filing {
  const answered = new Map<string, string>();
  const wrong: string[] = [];
  let stopping = false;
  let held: Promise<void> | undefined;
  let release = () => {};
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
      await held;
      await fileOne();
      await delay(pauseMs);
    }
  }

  const done = Promise.all(Array.from({ length: writers }, write));
  return {
    answered,
    wrong,
    hold() {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    async stop() {
      stopping = true;
      release();
      await done;
    },
  };
}

const createTicket = /* GraphQL */ `
  mutation ($input: NewTicket!) { createTicket(input: $input) { success requestId state } }
`;

async function send(desk: GraphqlServer, ticket: { requestId: string; title: string }): Promise<string> {
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

export async function isOutboxEmpty(desk: GraphqlServer): Promise<boolean> {
  const { data } = await desk.graphql<{ outbox: { waiting: number; failed: number } }>(
    '{ outbox { waiting failed } }',
  );
  return data?.outbox.waiting === 0 && data.outbox.failed === 0;
}

export interface StoredRow {
  request_id: string;
  title: string;
}

/** Request ids that were answered and are not stored; request ids, or titles, that are stored more than once. */
export function compare(
  { answered }: Pick<Filing, 'answered'>,
  rows: readonly StoredRow[],
): { lost: string[]; doubled: string[] } {
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
  return { lost, doubled };
}
