/** A ticket client that keeps what it sees, and reads from that while there is no link. */
import { LRUCache } from 'lru-cache';
import { limits } from '../../../proto/checks.ts';
import type { Agent } from '../../domain/agent.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { atMost } from '../../pause.ts';
import { cursorAt, readFilter } from '../client/local-page.ts';
import type { BelowPage, PageRequest, TicketClient, TicketPage } from '../client/types.ts';
import type { Kept } from './kept.ts';
import { type BelowKind, type KeptTickets, keptTickets } from './kept-tickets.ts';
import { createReadAgain, createReadAhead } from './reading.ts';

const isSearch = ({ text, query }: TicketFilter) => text !== undefined || query !== undefined;

/** How long a stop waits for what is being read. */
const finishMs = 1_000;

/** Places in lists of the service's, from which one can go on in what is kept. */
const maxCursors = 1_000;

export interface KeepingClient extends TicketClient {
  /** Resolves when nothing is kept any more. */
  forgetKept(): Promise<void>;
  /** Ends the keeping; the client stays its owner's. */
  stopKeeping(): Promise<void>;
}

interface Reading<Answer> {
  ask(): Promise<Answer>;
  /** Keeps what was answered. */
  take?(tickets: KeptTickets, answer: Answer): void;
  find(tickets: KeptTickets): Answer | undefined;
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
  const tickets = opening.then(keptTickets);
  const readAhead = createReadAhead(client);
  /** Local ones by the service's. */
  const cursors = new LRUCache<string, string>({ max: maxCursors });
  let wasLinked = false;

  const isLinked = () => client.link().state === 'CONNECTED';

  /** In the background, in the order of being asked for. */
  function later(work: (tickets: KeptTickets) => void): void {
    tickets.then(work).catch((err) => logger.error({ err }, 'a ticket could not be kept'));
  }

  function keep(change: (tickets: KeptTickets) => void): void {
    later((known) => {
      change(known);
      if (isLinked()) known.hears();
    });
  }

  /** The service's answer, which is kept, or where it can't be had the kept one. */
  async function answer<Answer>({ ask, take, find }: Reading<Answer>): Promise<Answer> {
    if (!isLinked()) {
      const kept = find(await tickets);
      if (kept !== undefined) return kept;
    }
    try {
      const answered = await ask();
      if (take) keep((known) => take(known, answered));
      return answered;
    } catch (thrown) {
      const isAway = thrown instanceof DeskError && thrown.code === 'UNAVAILABLE' && !isLinked();
      const kept = isAway ? find(await tickets) : undefined;
      if (kept === undefined) throw thrown;
      return kept;
    }
  }

  async function livePage(request: PageRequest): Promise<TicketPage> {
    const askedAt = Date.now();
    const page = await client.page(request);
    // From each end a list may go on. Whoever asks changes nothing of how terms rank.
    const place = { order: request.order, terms: readFilter(request.filter).terms };
    for (const end of [0, -1]) {
      const ticket = page.tickets.at(end);
      if (ticket) cursors.set(page.cursors.at(end) ?? '', cursorAt(place, ticket));
    }
    keep((known) => known.take(page.tickets));
    // What a search finds is the service's to say; a list of any other kind can be held against what is kept.
    if (request.after === undefined && !request.backwards && !isSearch(request.filter)) {
      void readAhead.goOn(request, page).then((list) =>
        keep((known) => {
          known.take(list.tickets.slice(page.tickets.length));
          known.forgetGone({ ...request, ...list, askedAt });
        }),
      );
    }
    return page;
  }

  function followLink(): void {
    const linked = isLinked();
    // It was true until now, and is again from now on.
    if (linked !== wasLinked) later((known) => (linked ? known.beginHearing() : known.stillHearing()));
    if (linked && !wasLinked) {
      readAhead.reset();
      readOwn();
    }
    wasLinked = linked;
    // Nobody reads on with a token that is good no more.
    if (client.link().isRefused) void forgetKept();
  }

  /** What somebody works on is there without a link, looked at or not. */
  function readOwn(): void {
    const me = client.tokenAgent() ?? options.me?.();
    if (!me) return;
    const request = { filter: { assigneeId: me.id }, pageSize: limits.maxPageSize, after: undefined };
    livePage({ ...request, order: 'UPDATED_DESC' }).catch((err) =>
      logger.debug({ err }, 'the tickets of who works here could not be read ahead'),
    );
  }

  async function forgetKept(): Promise<void> {
    options.onForget?.();
    await (await opening).clear();
  }

  const readAgain = createReadAgain(({ kind, request }) => reads[kind](request));
  followLink();
  const unsubscribe = [
    client.onLink(followLink),
    client.onTicket(({ kind, id, ticket }) =>
      keep((known) => {
        if (kind === 'RESET') known.beginHearing();
        else if (ticket) known.take([ticket]);
        else known.remove(id);
        if (kind === 'UPDATED') readAgain.soon(known.below(id));
      }),
    ),
  ];

  function readsBelow<Node>(kind: BelowKind) {
    return (request: BelowRequest): Promise<BelowPage<Node>> =>
      answer({
        ask: async () => (await client[kind](request)) as BelowPage<Node>,
        take: (known, page) => known.takeBelow(kind, request, page),
        find: (known) => known.pageBelow<Node>(kind, request),
      });
  }

  const reads: Pick<
    TicketClient,
    'page' | 'ticket' | 'counts' | 'countMatches' | 'agents' | 'views' | BelowKind
  > = {
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

    comments: readsBelow('comments'),
    history: readsBelow('history'),

    page: (request) =>
      answer({
        ask: () => livePage(request),
        find: (known) =>
          known.page({ ...request, after: request.after && (cursors.get(request.after) ?? request.after) }),
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

  const writes: Pick<TicketClient, 'update' | 'delete' | 'restore' | 'addComment'> = {
    async addComment(comment) {
      const added = await client.addComment(comment);
      keep((known) => readAgain.soon(known.below(comment.ticketId)));
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

  // All else is the client's.
  return Object.assign(Object.create(client) as TicketClient, reads, writes, {
    forgetKept,

    async stopKeeping() {
      for (const stop of unsubscribe) stop();
      if (isLinked()) later((known) => known.stillHearing());
      await tickets;
      // What its author has seen stored is there the next time, too.
      await atMost(finishMs, readAgain.done());
      await (await opening).close();
    },
  });
}
