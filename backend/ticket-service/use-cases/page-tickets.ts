import { rules } from '../../domain/ticket.ts';
import type { TicketPage, TicketPageRequest } from '../store/ticket-store.ts';
import type { Desk } from './desk.ts';
import { checkFilter, refuse } from './input.ts';
import { throughListCache } from './ticket-cache.ts';

/** One page, in the order asked for, after the cursor asked for. */
export async function pageTickets({ store, cache }: Desk, request: TicketPageRequest): Promise<TicketPage> {
  const { filter, pageSize, after, order } = request;
  checkFilter(filter);
  checkPageSize(pageSize);

  const name = `page:${JSON.stringify([filter.statuses, filter.text, pageSize, after, order])}`;
  return throughListCache(cache, name, () => store.page(request));
}

function checkPageSize(pageSize: number): void {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= rules.maxPageSize) return;
  refuse({ field: 'pageSize', message: `pageSize must be a whole number from 1 to ${rules.maxPageSize}.` });
}
