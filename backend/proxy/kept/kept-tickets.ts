/** Kept tickets: the answers that can be given out of them, and from when each is. */
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import type { Agent } from '../../domain/agent.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import { counted } from '../../domain/search.ts';
import type { TicketOrder } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import type { View } from '../../domain/view.ts';
import { countByStatus, inOrder, isLocalCursor, localPage, readFilter } from '../client/local-page.ts';
import type { AsOf, BelowPage, KnownTicket, PageRequest, SeenAgent, TicketPage } from '../client/types.ts';
import type { Kept, KeptValue } from './kept.ts';

const prefix = 'ticket/';
const hearingEveryMs = 500;
/** Looking through all that is kept takes as long as several answers. */
const compareEveryMs = 1_000;

/** The last time that every change was heard of, from its beginning to its end (ms since 1970). */
interface Hearing {
  from: number;
  until: number;
}

/** A list as the service answered it, from its beginning. */
export interface ReadList {
  filter: TicketFilter;
  order: TicketOrder;
  tickets: readonly KnownTicket[];
  /** There is nothing behind these. */
  isWhole: boolean;
  askedAt: number;
}

export type BelowKind = 'comments' | 'history';

/** For a page of what is listed below a ticket. */
export interface BelowQuestion {
  kind: BelowKind;
  request: BelowRequest;
}

interface Below extends BelowQuestion {
  page: BelowPage<unknown>;
}

const belowPrefix = (ticketId: number) => `below/${ticketId}/`;

function belowName({ kind, request }: BelowQuestion): string {
  const { ticketId, newestFirst, afterId = 0, pageSize } = request;
  return `${belowPrefix(ticketId)}${kind}/${newestFirst}/${pageSize}/${afterId}`;
}

const viewsName = (me: Agent | undefined) => `views/${me?.id ?? ''}`;

export type KeptTickets = ReturnType<typeof keptTickets>;

export function keptTickets(kept: Kept) {
  const nameOf = (id: number) => `${prefix}${id}`;
  const ticketIn = ({ value }: KeptValue) => value as KnownTicket;
  const agents = () => kept.get('agents')?.value as SeenAgent[] | undefined;
  const read = (filter: TicketFilter, me?: Agent) =>
    readFilter(filter, { me: me?.id ?? null, agents: agents() ?? [] });
  /** Lists that were read, the newest of each, with which what is kept is still to be compared. */
  const uncompared = new Map<string, ReadList>();
  let comparing: NodeJS.Timeout | undefined;

  function settle(): void {
    clearTimeout(comparing);
    comparing = undefined;
    const lists = [...uncompared.values()];
    uncompared.clear();
    for (const list of lists) compare(list);
  }

  function compare({ filter, order, tickets, isWhole, askedAt }: ReadList): void {
    const there = new Set(tickets.map(({ id }) => id));
    const before = allThatFit(filter).filter((one) => one.seenAt < askedAt || there.has(ticketIn(one).id));
    const ordered = inOrder(before.map(ticketIn), { order, terms: read(filter).terms });
    const end = isWhole ? ordered.length : ordered.findIndex(({ id }) => id === tickets.at(-1)?.id);
    for (const { id } of ordered.slice(0, Math.max(0, end))) if (!there.has(id)) kept.forget(nameOf(id));
  }

  function allThatFit(filter: TicketFilter, me?: Agent): KeptValue[] {
    settle();
    const { fits } = read(filter, me);
    return kept.all(prefix).filter((one) => fits(ticketIn(one)));
  }
  const hearing = () => kept.get('hearing')?.value as Hearing | undefined;

  let hearsSince: number | undefined;
  let heardAt = 0;

  /** What was seen while changes were heard of was true until that ended. */
  function trueAt({ seenAt }: KeptValue): number {
    const { from, until } = hearing() ?? { from: Infinity, until: 0 };
    return seenAt >= from ? Math.max(seenAt, until) : seenAt;
  }

  function dated(ticket: KnownTicket): KnownTicket & AsOf {
    const one = kept.get(nameOf(ticket.id));
    return one ? { ...ticket, asOf: timestamp(trueAt(one)) } : ticket;
  }

  function keptCounts(): ReadonlyMap<string, number> | undefined {
    const counts = kept.get('counts')?.value as [string, number][] | undefined;
    return counts && new Map(counts);
  }

  /** Whether there is no such ticket, as far as was seen; a view that was never opened says nothing. */
  function isKnownEmpty({ ids, statuses = ticketFields.status.choices }: TicketFilter): boolean {
    if (ids) return false;
    const counts = keptCounts();
    return (
      allThatFit({ statuses }).length > 0 ||
      (counts !== undefined && statuses.every((one) => !counts.get(one)))
    );
  }

  const allBelow = (prefix: string) => kept.all(prefix).map(({ value }) => value as Below);
  /** Most tickets that change were never opened. */
  const hasBelow = new Set(allBelow('below/').map(({ request }) => request.ticketId));

  return {
    /** An answer that comes late must not undo a later one. */
    take(tickets: readonly KnownTicket[]): void {
      for (const ticket of tickets) {
        const known = kept.get(nameOf(ticket.id));
        const isOlder = known && (ticketIn(known).version ?? 0) > (ticket.version ?? 0);
        if (!isOlder) kept.keep(nameOf(ticket.id), ticket);
      }
    },

    /** With what is below it. */
    remove(id: number): void {
      kept.forget(nameOf(id));
      for (const below of allBelow(belowPrefix(id))) kept.forget(belowName(below));
    },

    /** What is listed below a ticket, by the page that was asked for. */
    takeBelow(kind: BelowKind, request: BelowRequest, page: BelowPage<unknown>): void {
      hasBelow.add(request.ticketId);
      kept.keep(belowName({ kind, request }), { kind, request, page } satisfies Below);
    },

    pageBelow<Node>(kind: BelowKind, request: BelowRequest): BelowPage<Node> | undefined {
      const below = kept.get(belowName({ kind, request }))?.value as Below | undefined;
      return below?.page as BelowPage<Node> | undefined;
    },

    /** The questions about a ticket whose answers can have changed with it: those for an end of what is listed. */
    below(id: number): BelowQuestion[] {
      if (!hasBelow.has(id)) return [];
      return allBelow(belowPrefix(id))
        .filter(({ request }) => request.afterId === undefined)
        .map(({ kind, request }) => ({ kind, request }));
    },

    takeAgents: (agents: readonly SeenAgent[]) => kept.keep('agents', agents),

    agents,

    /** Each agent has views of their own. */
    takeViews: (me: Agent | undefined, views: readonly View[]) => kept.keep(viewsName(me), views),

    views: (me: Agent | undefined) => kept.get(viewsName(me))?.value as View[] | undefined,

    takeCounts: (counts: ReadonlyMap<string, number>) => kept.keep('counts', [...counts]),

    /** Of what the list would hold now, all that it does not is gone or has changed: looked at with the next question, or soon. */
    forgetGone(list: ReadList): void {
      uncompared.set(JSON.stringify([list.filter, list.order]), list);
      comparing ??= setTimeout(settle, compareEveryMs).unref();
    },

    settle,

    /** From now on every change is heard of; before, some may have been missed. */
    beginHearing(): void {
      hearsSince = Date.now();
      heardAt = 0;
    },

    /** Every change is heard of to this moment. */
    stillHearing(): void {
      if (hearsSince === undefined) return;
      heardAt = Date.now();
      kept.keep('hearing', { from: hearsSince, until: heardAt } satisfies Hearing);
    },

    /** As above, of what is heard all the time: written down now and then. */
    hears(): void {
      if (Date.now() - heardAt > hearingEveryMs) this.stillHearing();
    },

    /** Undefined when nothing of it was seen. */
    page({ filter, ...request }: PageRequest): (TicketPage & AsOf) | undefined {
      const { after } = request;
      const found = allThatFit(filter, request.me);
      if (found.length === 0 && !isKnownEmpty(filter)) return undefined;
      if (after !== undefined && !isLocalCursor(after)) return undefined;
      const { problems, terms } = read(filter, request.me);
      const page = localPage(found.map(ticketIn), { ...request, terms });
      const oldest = Math.min(...found.map(trueAt), hearing()?.until ?? Date.now());
      return { ...page, tickets: page.tickets.map(dated), problems, asOf: timestamp(oldest) };
    },

    ticket(id: number): (KnownTicket & AsOf) | undefined {
      settle();
      const one = kept.get(nameOf(id));
      return one && dated(ticketIn(one));
    },

    countMatches: (filters: readonly TicketFilter[], me?: Agent) =>
      filters.map((filter) => counted(allThatFit(filter, me).length)),

    /** All that there were when they were last counted; of a text, those that hold it among the kept. */
    counts(text: string | undefined): Map<string, number> | undefined {
      const all = keptCounts();
      if (!all || text === undefined) return all && new Map(all);
      return countByStatus(allThatFit({ text }).map(ticketIn));
    },
  };
}
