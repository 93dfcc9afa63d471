/** A ticket client that keeps what it sees, and reads from that while there is no link. */
import { limits } from '../../../proto/checks.ts';
import type { Agent } from '../../domain/agent.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import type { Logger } from '../../logger.ts';
import { atMost } from '../../pause.ts';
import type { BelowPage, TicketClient } from '../client/types.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import type { Kept } from './kept.ts';
import type { BelowKind } from './kept-below.ts';
import { createKeptLists } from './kept-lists.ts';
import { createReadAgain } from './reading.ts';

/** How long a stop waits for what is being read. */
const finishMs = 1_000;

export interface KeepingClient extends TicketClient {
  /** Resolves when nothing is kept any more. */
  forgetKept(): Promise<void>;
  /** Ends the keeping; the client stays its owner's. */
  stopKeeping(): Promise<void>;
}

/** @param opening what is kept: nobody waits for it but who reads without a link. */
export function keepingClient(options: {
  client: TicketClient;
  opening: Promise<Kept>;
  /** Who works here, whose tickets are kept unasked; undefined: nobody known. */
  me?: (() => Agent | undefined) | undefined;
  /** What was kept is dropped. */
  onForget?: (() => void) | undefined;
  logger: Logger;
}): KeepingClient {
  const { client, opening, logger } = options;
  const keeping = createKeeping(client, opening, logger);
  const { isLinked, later, keep } = keeping;
  const lists = createKeptLists(client, keep);
  const reads = keepingReads(client, keeping, lists);
  const readAgain = createReadAgain(({ kind, request }) => reads[kind](request));
  let wasLinked = false;

  function followLink(): void {
    const linked = isLinked();
    // It was true until now, and is again from now on.
    if (linked !== wasLinked) later((known) => (linked ? known.hearing.begin() : known.hearing.note()));
    if (linked && !wasLinked) {
      lists.reset();
      readOwn();
    }
    wasLinked = linked;
    // Nobody reads on with a token that is good no more.
    if (client.link().obstacle === 'REFUSED') void forgetKept();
  }

  /** What somebody works on is there without a link, looked at or not. */
  function readOwn(): void {
    const me = client.tokenAgent() ?? options.me?.();
    if (!me) return;
    const request = { filter: { assigneeId: me.id }, pageSize: limits.maxPageSize, after: undefined };
    lists
      .read({ ...request, order: 'UPDATED_DESC' })
      .catch((err) => logger.debug({ err }, 'the tickets of who works here could not be read ahead'));
  }

  async function forgetKept(): Promise<void> {
    options.onForget?.();
    await (await opening).clear();
  }

  followLink();
  const unsubscribe = [
    client.onLink(followLink),
    client.onTicket(({ kind, id, ticket }) =>
      keep((known) => {
        if (kind === 'RESET') known.hearing.begin();
        else if (ticket) known.take([ticket]);
        else known.remove(id);
        if (kind === 'UPDATED') readAgain.soon(known.below.questions(id));
      }),
    ),
  ];

  // All else is the client's.
  return Object.assign(Object.create(client) as TicketClient, reads, keepingWrites(client, keep, readAgain), {
    forgetKept,

    async stopKeeping() {
      for (const stop of unsubscribe) stop();
      if (isLinked()) later((known) => known.hearing.note());
      await keeping.done();
      // What its author has seen stored is there the next time, too.
      await atMost(finishMs, readAgain.done());
      await (await opening).close();
    },
  });
}

type KeptRead = 'page' | 'ticket' | 'counts' | 'countMatches' | 'agents' | 'views' | BelowKind;

function keepingReads(
  client: TicketClient,
  { answer }: Keeping,
  lists: ReturnType<typeof createKeptLists>,
): Pick<TicketClient, KeptRead> {
  function below<Node>(kind: BelowKind) {
    return (request: BelowRequest): Promise<BelowPage<Node>> =>
      answer({
        ask: async () => (await client[kind](request)) as BelowPage<Node>,
        take: (known, page) => known.below.take({ kind, request }, page),
        find: (known) => known.below.page<Node>({ kind, request }),
      });
  }

  return {
    agents: (me) =>
      answer({
        ask: () => client.agents(me),
        take: (known, agents) => known.takeAgents(agents),
        find: (known) => known.agents(),
      }),

    views: (me) =>
      answer({
        ask: () => client.views(me),
        take: (known, views) => known.takeViews(me, views),
        find: (known) => known.views(me),
      }),

    comments: below('comments'),
    history: below('history'),

    page: (request) =>
      answer({
        ask: () => lists.read(request),
        find: (known) => lists.find(known, request),
      }),

    ticket: (id) =>
      answer({
        ask: () => client.ticket(id),
        take: (known, ticket) => (ticket ? known.take([ticket]) : known.remove(id)),
        find: (known) => known.ticket(id),
      }),

    countMatches: (filters, me) =>
      answer({
        ask: () => client.countMatches(filters, me),
        find: (known) => known.countMatches(filters, me),
      }),

    counts: (text) =>
      answer({
        ask: () => client.counts(text),
        ...(text === undefined && { take: (known, counts) => known.takeCounts(counts) }),
        find: (known) => known.counts(text),
      }),
  };
}

function keepingWrites(
  client: TicketClient,
  keep: Keeping['keep'],
  readAgain: ReturnType<typeof createReadAgain>,
): Pick<TicketClient, 'update' | 'delete' | 'restore' | 'addComment'> {
  return {
    async addComment(comment) {
      const added = await client.addComment(comment);
      keep((known) => readAgain.soon(known.below.questions(comment.ticketId)));
      return added;
    },

    async update(id, ...changes) {
      const result = await client.update(id, ...changes);
      const ticket =
        result.state === 'conflict' ? result.current : result.state === 'updated' && result.ticket;
      keep((known) => {
        if (ticket) known.take([ticket]);
        else if (result.state === 'missing') known.remove(id);
      });
      return result;
    },

    async delete(id, ...by) {
      const deleted = await client.delete(id, ...by);
      keep((known) => known.remove(id));
      return deleted;
    },

    async restore(id, ...by) {
      const ticket = await client.restore(id, ...by);
      if (ticket) keep((known) => known.take([ticket]));
      return ticket;
    },
  };
}
