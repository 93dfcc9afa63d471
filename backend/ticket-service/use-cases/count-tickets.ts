import type { Desk } from './desk.ts';
import { checkFilter } from './input.ts';
import { throughListCache } from './ticket-cache.ts';

/** How many tickets each status has; one without any is missing. */
export async function countTickets(
  { store, cache }: Desk,
  text: string | undefined,
): Promise<[status: string, count: number][]> {
  checkFilter(text === undefined ? {} : { text });

  return throughListCache(cache, `count:${JSON.stringify([text])}`, async () => [
    ...(await store.count(text)),
  ]);
}
