import type { Desk } from './desk.ts';
import { checkId } from './input.ts';
import { noteDeleted } from './ticket-cache.ts';

/** Answers whether there was such a ticket. */
export async function deleteTicket({ store, cache }: Desk, id: number): Promise<boolean> {
  checkId(id);

  const deleted = await store.delete(id);
  if (!deleted) return false;
  await noteDeleted(cache, id, deleted.version);
  return true;
}
