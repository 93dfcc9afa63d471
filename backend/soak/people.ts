/** People at work on a desk without a pause, with every kind of write, through whatever breaks; all of it is written down. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '../../proto/checks.ts';
import type { GraphqlServer } from '../testing/graphql.ts';
import type { Random } from '../testing/random.ts';
import { runBulks, runImports } from './jobs.ts';
import { mutations, seeThrough, type WayIn, wayOfProxy, waysInto, write } from './ways-in.ts';
import { groupOf, type PeopleOptions, type Work } from './work.ts';

export interface People {
  /** Begins no create, comment or change by the disk of the proxy until release(). */
  hold(): void;
  release(): void;
  /** Resolves once all that was begun is answered. */
  stop(): Promise<void>;
}

const filers = 2;
const filingPauseMs = 50;
const pauseMs = 20;
const statuses = ['New', 'In Progress', 'On Hold', 'Completed'] as const;
/** How many tickets are written to at once, and how often before others are. */
const writtenAtOnce = 3;
const writesInARow = 8;
/** How often it is looked whether a comment is there, before it is left as it is. */
const commentLooks = 10;
/** Of how many tickets direct writes and reads choose theirs: few, so that reads meet writes. */
const workingSet = 30;

export function startPeople(options: PeopleOptions): People {
  let isOver = false;
  let held: Promise<void> | undefined;
  let release = () => {};
  const work: Work = {
    ...options,
    isOver: () => isOver,
    held: async () => held,
    filed: [],
    seen: new Set(),
  };
  const ways = waysInto(options.desk, options.services);
  const done = Promise.all([
    ...Array.from({ length: filers }, (_, which) => repeat(work, filer(work, which), filingPauseMs)),
    repeat(work, () => writeThreads(work)),
    ...ways.flatMap((way) => [
      repeat(work, () => read(work, way)),
      repeat(work, () => count(work, way)),
      repeat(work, directWriter(work, way)),
    ]),
    runBulks(work),
    runImports(work),
  ]);
  return {
    hold() {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    async stop() {
      isOver = true;
      release();
      await done;
    },
  };
}

async function repeat(work: Work, act: () => Promise<void>, everyMs = pauseMs): Promise<void> {
  while (!work.isOver()) {
    await act();
    await delay(everyMs);
  }
}

/** Files tickets that somebody wants filed: each is sent again under the same request id until it is answered. */
function filer(work: Work, which: number): () => Promise<void> {
  const { history, desk, filed } = work;
  let count = which;
  return async () => {
    await work.held();
    count += filers;
    const requestId = randomUUID();
    const title = `ticket ${count}`;
    const input = { requestId, title, description: 'filed while things break', name: groupOf(count) };
    await history.run({ by: 'proxy', kind: 'create', requestId, texts: [title] }, () =>
      seeThrough(() => write(desk(), mutations.create, input)),
    );
    filed.push(requestId);
  };
}

/** To several tickets at once, the newest or ones that have a number by now. */
async function writeThreads(work: Work): Promise<void> {
  const before = work.random.below(2) * workingSet;
  const tickets = work.filed.slice(0, work.filed.length - before).slice(-writtenAtOnce);
  await Promise.all(tickets.map((ticket) => writeThread(work, ticket)));
}

async function writeThread(work: Work, ticket: string): Promise<void> {
  const { history, desk, random } = work;
  const id = await numberOf(desk(), ticket);
  // By its number, where that is known, else by the request that becomes it.
  const place = id === undefined ? { ticketRequestId: ticket } : { ticketId: id };
  for (let n = 0; n < writesInARow && !work.isOver(); n += 1) {
    await work.held();
    const requestId = randomUUID();
    const by = 'proxy';
    switch (random.below(4)) {
      case 0:
        await sayAndEdit(work, { ticket, place, mayEdit: random.below(2) === 0 });
        break;
      case 1: {
        const status = random.pick(statuses);
        const input = { requestId, id: id ?? 0, ticketRequestId: place.ticketRequestId, status };
        await history.run({ by, kind: 'status', ticket, requestId, texts: [status] }, () =>
          seeThrough(() => write(desk(), mutations.update, input)),
        );
        break;
      }
      default: {
        const description = `change ${requestId}`;
        const expectedVersion = id === undefined ? undefined : (await wayOfProxy(desk).read(id))?.version;
        const input = {
          requestId,
          id: id ?? 0,
          ticketRequestId: place.ticketRequestId,
          description,
          expectedVersion,
        };
        // Time for somebody else to change it as well.
        if (random.below(2) === 0) await delay(pauseMs * 5);
        await history.run(
          { by, kind: 'update', ticket, requestId, texts: [description], expectedVersion },
          () => seeThrough(() => write(desk(), mutations.update, input)),
        );
      }
    }
    await delay(pauseMs);
  }
}

/** A comment; and where it is there already, another text for it, or its end. */
async function sayAndEdit(
  work: Work,
  {
    ticket,
    place,
    mayEdit,
  }: { ticket: string; place: { ticketId?: number; ticketRequestId?: string }; mayEdit: boolean },
): Promise<void> {
  const { history, desk, random } = work;
  const requestId = randomUUID();
  const body = `comment ${requestId}`;
  const by = 'proxy';
  await history.run({ by, kind: 'comment', ticket, requestId, texts: [body] }, () =>
    seeThrough(() => write(desk(), mutations.comment, { requestId, ...place, kind: 'NOTE', body })),
  );
  let id: string | undefined;
  for (let look = 0; mayEdit && place.ticketId && id === undefined && look < commentLooks; look += 1) {
    await delay(pauseMs);
    id = await editableComment(desk(), place.ticketId, requestId);
  }
  if (id === undefined) return;
  if (random.below(2) === 0) {
    await history.run({ by, kind: 'delete comment', ticket, texts: [requestId] }, () =>
      write(desk(), mutations.deleteComment, { id }),
    );
  } else {
    const text = `edited ${requestId}`;
    await history.run({ by, kind: 'edit comment', ticket, texts: [text] }, () =>
      write(desk(), mutations.editComment, { id, body: text }),
    );
  }
}

async function read({ history, random, seen }: Work, way: WayIn): Promise<void> {
  const ticket = random.below(3) > 0 ? someTicket(seen, random) : undefined;
  const answer = await history.run({ by: way.name, kind: 'read', ticket }, () =>
    ticket === undefined ? way.readPage() : way.read(ticket),
  );
  for (const { id } of answer?.seen ?? []) seen.add(id);
}

async function count({ history }: Work, way: WayIn): Promise<void> {
  await history.run({ by: way.name, kind: 'count' }, () => way.count());
}

/** Changes, deletes and restores by numbers, each sent once. */
function directWriter({ history, random, seen }: Work, way: WayIn): () => Promise<void> {
  let count = 0;
  const deleted: number[] = [];
  return async () => {
    const ticket = someTicket(seen, random);
    if (ticket === undefined) return;
    const by = way.name;
    if (random.below(10) === 0) {
      await history.run({ by, kind: 'delete', ticket }, () => way.delete(ticket));
      deleted.push(ticket);
    } else if (deleted.length > 0 && random.below(20) === 0) {
      const back = deleted.splice(random.below(deleted.length), 1)[0];
      await history.run({ by, kind: 'restore', ticket: back }, () => way.restore(back ?? 0));
    } else {
      count += 1;
      const description = `${by} ${count}`;
      await history.run({ by, kind: 'update', ticket, texts: [description] }, () =>
        way.update(ticket, { status: random.pick(statuses), description }),
      );
    }
  };
}

/** One of the newest; among them some that are gone. */
function someTicket(seen: ReadonlySet<number>, random: Random): number | undefined {
  const ids = [...seen].slice(-workingSet);
  return ids[random.below(ids.length)];
}

/** Of the ticket that this request became; undefined where that is not known, or nobody answers. */
async function numberOf(desk: GraphqlServer, requestId: string): Promise<number | undefined> {
  const query = 'query ($requestId: ID!) { createResult(requestId: $requestId) { id } }';
  const found = await desk
    .graphql<{ createResult: { id: number | null } | null }>(query, { requestId })
    .catch(() => undefined);
  return found?.data?.createResult?.id ?? undefined;
}

interface Said {
  id: string;
  requestId: string;
  createdAt: string;
}

/** As the page, that offers no edit of one which is too old by its own time: it was written while the clock stood back. */
async function editableComment(
  desk: GraphqlServer,
  ticket: number,
  requestId: string,
): Promise<string | undefined> {
  const query =
    'query ($id: Int!) { ticket(id: $id) { comments(last: 50) { edges { node { id requestId createdAt } } } } }';
  const found = await desk
    .graphql<{ ticket: { comments: { edges: { node: Said }[] } } | null }>(query, { id: ticket })
    .catch(() => undefined);
  const said = found?.data?.ticket?.comments.edges.find(({ node }) => node.requestId === requestId)?.node;
  const isRecent = said && Date.now() - Date.parse(said.createdAt) < limits.commentEditMinutes * 60_000;
  return isRecent ? said.id : undefined;
}
