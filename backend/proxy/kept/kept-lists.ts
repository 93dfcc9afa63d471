/** Lists of the service's: each is read ahead and held against what is kept, in which one can go on without a link. */
import { LRUCache } from 'lru-cache';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { cursorAt, readFilter } from '../client/local-page.ts';
import type { PageRequest, TicketClient, TicketPage } from '../client/types.ts';
import type { Keeping } from './keeping.ts';
import type { KeptTickets } from './kept-tickets.ts';
import { createReadAhead } from './reading.ts';

/** Places in lists of the service's, from which one can go on in what is kept. */
const maxCursors = 1_000;

const isSearch = ({ text, query }: TicketFilter) => text !== undefined || query !== undefined;

export function createKeptLists(client: Pick<TicketClient, 'page'>, keep: Keeping['keep']) {
  const readAhead = createReadAhead(client);
  /** Local ones by the service's. */
  const cursors = new LRUCache<string, string>({ max: maxCursors });

  return {
    /** A session begins: what was read ahead in the one before is old. */
    reset: readAhead.reset,

    async read(request: PageRequest): Promise<TicketPage> {
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
    },

    find: (known: KeptTickets, { after, ...request }: PageRequest) =>
      known.page({ ...request, after: after && (cursors.get(after) ?? after) }),
  };
}
