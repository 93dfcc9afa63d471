/** Kept tickets: the answers that can be given out of them, and from when each is. */
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import type { Agent } from '../../domain/agent.ts';
import { counted } from '../../domain/search.ts';
import type { TicketOrder } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import type { View } from '../../domain/view.ts';
import { countByStatus, inOrder, isLocalCursor, localPage, readFilter } from '../client/local-page.ts';
import type { AsOf, KnownTicket, PageRequest, SeenAgent, TicketPage } from '../client/types.ts';
import { createHearing } from './hearing.ts';
import type { Kept, KeptValue } from './kept.ts';
import { createKeptBelow } from './kept-below.ts';

const prefix = 'ticket/';
/** Looking through all that is kept takes as long as several answers. */
const compareEveryMs = 1_000;

/** A list as the service answered it, from its beginning. */
export interface ReadList {
  filter: TicketFilter;
  order: TicketOrder;
  tickets: readonly KnownTicket[];
  /** There is nothing behind these. */
  isWhole: boolean;
  askedAt: number;
}

const nameOf = (id: number) => `${prefix}${id}`;
const ticketIn = ({ value }: KeptValue) => value as KnownTicket;
const viewsName = (me: Agent | undefined) => `views/${me?.id ?? ''}`;

export type KeptTickets = ReturnType<typeof keptTickets>;

export function keptTickets(kept: Kept) {
  const hearing = createHearing(kept);
  const below = createKeptBelow(kept);
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

  function dated(ticket: KnownTicket): KnownTicket & AsOf {
    const one = kept.get(nameOf(ticket.id));
    return one ? { ...ticket, asOf: timestamp(hearing.trueAt(one)) } : ticket;
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

  return {
    hearing,
    below,

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
      below.remove(id);
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

    /** Undefined when nothing of it was seen. */
    page({ filter, ...request }: PageRequest): (TicketPage & AsOf) | undefined {
      const { after } = request;
      const found = allThatFit(filter, request.me);
      if (found.length === 0 && !isKnownEmpty(filter)) return undefined;
      if (after !== undefined && !isLocalCursor(after)) return undefined;
      const { problems, terms } = read(filter, request.me);
      const page = localPage(found.map(ticketIn), { ...request, terms });
      const oldest = Math.min(...found.map(hearing.trueAt), hearing.until() ?? Date.now());
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
