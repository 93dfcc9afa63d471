/**
 * Files tickets without a pause, and comments on them and changes them, through whatever breaks; and tells afterwards
 * what became of the tickets.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphqlServer } from './graphql.ts';

export interface Filing {
  /** Request id to title. */
  answered: Map<string, string>;
  /** Comments and changes that were answered, in the order of the answers. */
  written: Write[];
  /** Those that were answered with a refusal, which is right where the ticket had been deleted. */
  refused: Write[];
  wrong: string[];
  /** Begins no new one until release(). */
  hold(): void;
  release(): void;
  stop(): Promise<void>;
}

/** A comment, or a change of the description; no two of a run have the same text. */
export interface Write {
  kind: 'comment' | 'change';
  requestId: string;
  /** The request id of the ticket. */
  ticket: string;
  text: string;
}

/** How many tickets are written to at once, the newest ones, and how often before others are. */
const writtenAtOnce = 3;
const writesInARow = 8;

/** Files tickets that somebody wants filed: each is sent again under the same request id until it is answered. */
export function startFiling(
  desk: () => GraphqlServer,
  // Always at it, without a backlog that only costs time.
  { writers, pauseMs } = { writers: 4, pauseMs: 20 },
): Filing {
  const answered = new Map<string, string>();
  const written: Write[] = [];
  const refused: Write[] = [];
  const wrong: string[] = [];
  let stopping = false;
  let held: Promise<void> | undefined;
  let release = () => {};
  let count = 0;
  let writes = 0;

  async function fileOne(): Promise<void> {
    const requestId = randomUUID();
    count += 1;
    const title = `ticket ${count}`;
    const input = { requestId, title, description: 'filed while things break', name: 'kill rounds' };
    const answer = await seeThrough(desk, createTicket, input);
    if (answer === 'stored or queued') answered.set(requestId, title);
    else wrong.push(answer);
  }

  /** To several tickets at once, and to each one write after the other: by that the order of one ticket's is known. */
  async function writeSome(): Promise<void> {
    const tickets = [...answered.keys()].slice(-writtenAtOnce);
    await Promise.all(
      tickets.map(async (ticket) => {
        const id = await idOf(desk(), ticket);
        for (let n = 0; n < writesInARow && !stopping; n += 1) {
          await held;
          await writeOne(ticket, id);
          await delay(pauseMs);
        }
      }),
    );
  }

  /** @param id of the ticket, where it is known: then it is told by that, else by the request that becomes it */
  async function writeOne(ticket: string, id: number | undefined): Promise<void> {
    writes += 1;
    const kind = writes % 2 === 0 ? 'comment' : 'change';
    const write: Write = { kind, requestId: randomUUID(), ticket, text: `${kind} ${writes}` };
    const { requestId, text } = write;
    const ticketRequestId = id === undefined ? ticket : undefined;
    const answer =
      kind === 'comment'
        ? await seeThrough(desk, addComment, {
            requestId,
            ticketId: id,
            ticketRequestId,
            kind: 'NOTE',
            body: text,
          })
        : await seeThrough(desk, updateTicket, {
            requestId,
            id: id ?? 0,
            ticketRequestId,
            description: text,
          });
    if (answer === 'stored or queued') written.push(write);
    else if (answer === 'refused') refused.push(write);
    else wrong.push(answer);
  }

  async function repeat(act: () => Promise<void>): Promise<void> {
    while (!stopping) {
      await held;
      await act();
      await delay(pauseMs);
    }
  }

  const done = Promise.all([...Array.from({ length: writers }, () => repeat(fileOne)), repeat(writeSome)]);
  return {
    answered,
    written,
    refused,
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
  mutation ($input: NewTicket!) { answer: createTicket(input: $input) { success state } }
`;
const addComment = /* GraphQL */ `
  mutation ($input: AddComment!) { answer: addComment(input: $input) { success state } }
`;
const updateTicket = /* GraphQL */ `
  mutation ($input: UpdateTicket!) { answer: updateTicket(input: $input) { success state } }
`;

type Answer = 'stored or queued' | 'refused' | 'no answer' | (string & {});

/** Sends it until it is answered, even while stopping: the desk is up again by then. */
async function seeThrough(desk: () => GraphqlServer, mutation: string, input: object): Promise<Answer> {
  for (;;) {
    const answer = await send(desk(), mutation, input);
    if (answer !== 'no answer') return answer;
    await delay(10);
  }
}

async function send(desk: GraphqlServer, mutation: string, input: object): Promise<Answer> {
  try {
    const { data, errors } = await desk.graphql<{ answer: { success: boolean; state: string } }>(mutation, {
      input,
    });
    if (data?.answer.success && data.answer.state !== 'FAILED') return 'stored or queued';
    if (data) return 'refused';
    if (errors?.[0]?.extensions?.code === 'UNAVAILABLE') return 'no answer';
    return JSON.stringify({ data, errors });
  } catch (thrown) {
    // Nobody answers, or the answer broke off: whether it was filed is not known.
    if (thrown instanceof TypeError || thrown instanceof SyntaxError) return 'no answer';
    throw thrown;
  }
}

/** Of the ticket that this request became; undefined where that is not known, or nobody answers. */
async function idOf(desk: GraphqlServer, requestId: string): Promise<number | undefined> {
  const query = 'query ($requestId: ID!) { createResult(requestId: $requestId) { id } }';
  const found = await desk
    .graphql<{ createResult: { id: number | null } | null }>(query, { requestId })
    .catch(() => undefined);
  return found?.data?.createResult?.id ?? undefined;
}

/** Whether nothing waits. Comments and changes that failed stay for their author: of those tells judgeWrites. */
export async function isOutboxEmpty(desk: GraphqlServer): Promise<boolean> {
  const { data } = await desk.graphql<{ outbox: { waiting: number; entries: object[] } }>(
    '{ outbox { waiting entries { requestId } } }',
  );
  return data?.outbox.waiting === 0 && data.outbox.entries.length === 0;
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
