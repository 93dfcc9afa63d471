/**
 * A bulk change of 10,000 tickets through GraphQL, the disk, gRPC and SQL, beside one UPDATE of them; and what others read
 * meanwhile, beside the same reads without.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ticketFields } from '../../proto/ticket-fields.ts';
import { until } from '../testing/desk-process.ts';
import { load } from './load.ts';
import { quantile, type Subject } from './rounds.ts';
import type { ScaleDesk } from './scale.ts';

const changed = 10_000;
/** As many reads as of 160 people who look at something every 5 s, which nobody has looked at before. */
const readers = { clients: 8, everyMs: 250 };
const pages = 400;

const page = `query ($after: String) { ticketPage(first: 50, after: $after) {
  edges { node { id title status name priority tags dueAt updatedAt assignee { name } } } pageInfo { endCursor } } }`;
const ticket = 'query ($id: Int!) { ticket(id: $id) { id title description status version } }';
const prepare = 'mutation ($input: PrepareBulk!) { prepareBulk(input: $input) { total } }';
const start = 'mutation ($input: BulkJobInput!) { startBulk(input: $input) { state } }';
const bareUpdate = `update tickets set priority = $2, version = version + 1, updated_at = now() where id = any($1)`;

interface PageAnswer {
  ticketPage: { pageInfo: { endCursor: string | null } };
}

export async function bulkSubjects(desk: ScaleDesk): Promise<Subject<Record<string, number>>[]> {
  const { caller, pool } = desk;
  const cursors = await cursorsOf(desk);
  const { rows } = await pool.query<{ id: number }>(
    `select id from tickets where id % ${Math.floor(desk.tickets / changed)} = 0 order by id limit ${changed}`,
  );
  const ids = rows.map(({ id }) => id);
  let asked = 0;
  /** A page or a ticket, in turns, from the database and no cache. */
  const read = () => {
    asked += 1;
    return asked % 2 === 0
      ? caller.call(page, { after: cursors[asked % cursors.length] })
      : caller.call(ticket, { id: 1 + ((asked * 7_919) % desk.tickets) });
  };
  /** Another than each has, whichever comes next. */
  let turn = 0;
  const nextPriority = () => {
    turn += 1;
    return ticketFields.priority.choices[turn % ticketFields.priority.choices.length];
  };

  async function bulk(): Promise<number> {
    const startedMs = performance.now();
    const id = randomUUID();
    await caller.call(prepare, { input: { id, ids, changes: { priority: nextPriority() } } });
    await caller.call(start, { input: { id } });
    await until(async () => {
      const { bulkJobs } = await caller.call<{ bulkJobs: { id: string; state: string }[] }>(
        '{ bulkJobs { id state } }',
        {},
      );
      return bulkJobs.find((job) => job.id === id)?.state === 'DONE';
    });
    return performance.now() - startedMs;
  }

  /** Reads until something else is done. */
  async function readUntil(isOver: () => boolean): Promise<{ p50Ms: number; p95Ms: number }> {
    const timesMs: number[] = [];
    const reader = async () => {
      while (!isOver()) {
        await delay(Math.random() * 2 * readers.everyMs);
        const startedMs = performance.now();
        await read();
        timesMs.push(performance.now() - startedMs);
      }
    };
    await Promise.all(Array.from({ length: readers.clients }, reader));
    return { p50Ms: quantile(timesMs, 0.5), p95Ms: quantile(timesMs, 0.95) };
  }

  return [
    { name: 'bulk change', measure: async () => ({ ms: await bulk() }) },
    {
      name: 'one UPDATE',
      async measure() {
        const { perSecond } = await load(
          async () => void (await pool.query(bareUpdate, [ids, nextPriority()])),
          {
            clients: 1,
            calls: 1,
          },
        );
        return { ms: 1_000 / perSecond };
      },
    },
    {
      name: 'reads during a bulk change',
      async measure() {
        let isOver = false;
        const changing = bulk().then(() => {
          isOver = true;
        });
        const figures = await readUntil(() => isOver);
        await changing;
        return figures;
      },
    },
    {
      name: 'reads',
      async measure() {
        const untilMs = performance.now() + 5_000;
        return readUntil(() => performance.now() > untilMs);
      },
    },
  ];
}

async function cursorsOf({ caller }: ScaleDesk): Promise<string[]> {
  const cursors: string[] = [];
  while (cursors.length < pages) {
    const { ticketPage }: PageAnswer = await caller.call<PageAnswer>(page, { after: cursors.at(-1) ?? null });
    if (ticketPage.pageInfo.endCursor === null) break;
    cursors.push(ticketPage.pageInfo.endCursor);
  }
  return cursors;
}
