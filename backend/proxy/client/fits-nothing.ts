/** Answers what a filter that fits nothing lets through: on the wire its empty lists would mean any. */
import { fitsNothing } from '../../domain/ticket-filter.ts';
import type { Service, TicketPage } from './types.ts';

const emptyPage: TicketPage = { tickets: [], cursors: [], hasNextPage: false };

export function unlessNothingFits(service: Service): Service {
  return {
    ...service,
    list: async (filter, me) => (fitsNothing(filter) ? [] : service.list(filter, me)),
    page: async (request) => (fitsNothing(request.filter) ? emptyPage : service.page(request)),
    ticketIds: async (filter, me) => (fitsNothing(filter) ? [] : service.ticketIds(filter, me)),
    async countMatches(filters, me) {
      const asked = filters.filter((filter) => !fitsNothing(filter));
      const counts = asked.length > 0 ? [...(await service.countMatches(asked, me))] : [];
      return filters.flatMap((filter) =>
        fitsNothing(filter) ? [{ count: 0, exact: true }] : counts.splice(0, 1),
      );
    },
    async *exportTickets(request) {
      if (fitsNothing(request.filter)) yield { count: 0, tickets: [] };
      else yield* service.exportTickets(request);
    },
  };
}
