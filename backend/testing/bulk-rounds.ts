/** Changes all tickets there are, again and again, through whatever breaks, and undoes every other change; and tells what became of it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphqlServer } from './graphql.ts';
import type { Query } from './judge-writes.ts';

interface Job {
  id: string;
  state: string;
  total: number;
  done: number;
  changed: number;
  failed: number;
}

/** A job that has ended, which gave tickets a tag of its own, or took it from them again. */
interface Ended extends Job {
  tag: string;
  isUndo: boolean;
}

export interface BulkVerdict {
  /** Jobs that were begun and have ended. */
  bulks: number;
  /** Those that told otherwise than the history has it, or wrote to a ticket twice. */
  mistold: string[];
}

export interface BulkRounds {
  /** Ends with the job under way. */
  stop(): Promise<void>;
  judge(query: Query): Promise<BulkVerdict>;
}

const pauseMs = 20;

export function startBulkRounds(desk: () => GraphqlServer): BulkRounds {
  const ended: Ended[] = [];
  let stopping = false;

  /** Sends it until it is answered. */
  async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    for (;;) {
      // Nobody answers, or the answer broke off.
      const answer = await desk()
        .graphql<Data>(query, variables)
        .catch(() => undefined);
      if (answer?.data && !answer.errors) return answer.data;
      await delay(pauseMs);
    }
  }

  async function end(id: string): Promise<Job> {
    for (;;) {
      const { bulkJobs } = await ask<{ bulkJobs: Job[] }>(
        '{ bulkJobs { id state total done changed failed } }',
      );
      const job = bulkJobs.find((one) => one.id === id);
      if (job?.state === 'DONE') return job;
      await delay(pauseMs);
    }
  }

  async function run(): Promise<void> {
    for (let count = 1; !stopping; count += 1) {
      const [id, tag] = [randomUUID(), `bulk-${count}`];
      const isUndone = count % 2 === 0;
      // What stays takes away what has stayed of the ones before, as only so many fit.
      const removeTags = isUndone ? [] : [`bulk-${count - 2}`];
      const input = { id, filter: {}, addTags: [tag], removeTags };
      await ask(`mutation ($input: PrepareBulk!) { prepareBulk(input: $input) { id } }`, { input });
      await ask(`mutation ($input: BulkJobInput!) { startBulk(input: $input) { id } }`, { input: { id } });
      ended.push({ ...(await end(id)), tag, isUndo: false });
      if (isUndone) {
        const undo = { id: randomUUID(), undoes: id };
        await ask(`mutation ($input: UndoBulk!) { undoBulk(input: $input) { id } }`, { input: undo });
        ended.push({ ...(await end(undo.id)), tag, isUndo: true });
      }
      await delay(pauseMs);
    }
  }
  const running = run();

  return {
    async stop() {
      stopping = true;
      await running;
    },
    async judge(query) {
      const rows = await query<{ ticket: number; from: string | null; to: string | null }>(
        `select ticket_id as ticket, "from", "to" from ticket_history where field = 'tags'`,
      );
      const has = (tags: string | null, tag: string) => tags?.split(', ').includes(tag) ?? false;
      const mistold = ended.flatMap((job) => {
        const { tag, isUndo, changed, done, failed, total } = job;
        const written = rows.filter(({ from, to }) => has(from, tag) === isUndo && has(to, tag) !== isUndo);
        const isOnce = new Set(written.map(({ ticket }) => ticket)).size === written.length;
        const isTold = written.length === changed && done + failed === total;
        return isOnce && isTold ? [] : [`${JSON.stringify(job)} wrote ${written.length}`];
      });
      return { bulks: ended.length, mistold };
    },
  };
}
