import type { Desk } from './desk.ts';
import { checkId } from './input.ts';
import { noteWritten } from './ticket-cache.ts';

/** Answers whether there was such a ticket. */
export async function deleteTicket({ store, cache }: Desk, id: number): Promise<boolean> {
  checkId(id);

  const deleted = await store.delete(id);
  if (!deleted) return false;
  await noteWritten(cache, id);
  return true;
}
