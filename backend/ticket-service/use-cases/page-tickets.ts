import { limits } from '../../../proto/checks.ts';
import { fitsNothing } from '../../domain/ticket-filter.ts';
import type { TicketPage, TicketPageRequest } from '../store/ticket-store.ts';
import type { Desk } from './desk.ts';
import { checkFilter, refuse } from './input.ts';
import { throughListCache } from './ticket-cache.ts';

/** One page, in the order asked for, after the cursor asked for. */
export async function pageTickets({ store, cache }: Desk, request: TicketPageRequest): Promise<TicketPage> {
  checkFilter(request.filter);
  checkPageSize(request.pageSize);
  if (fitsNothing(request.filter)) return { tickets: [], cursors: [], hasNextPage: false };

  // The whole request names the answer: a part left out would give one request the answer to another.
  return throughListCache(cache, `page:${JSON.stringify(request)}`, () => store.page(request));
}

function checkPageSize(pageSize: number): void {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= limits.maxPageSize) return;
  refuse({ field: 'pageSize', message: `pageSize must be a whole number from 1 to ${limits.maxPageSize}.` });
}
