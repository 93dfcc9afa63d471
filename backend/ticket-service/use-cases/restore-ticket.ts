import type { Ticket } from '../../domain/ticket.ts';
import type { Desk } from './desk.ts';
import { checkId } from './input.ts';
import { noteWritten } from './ticket-cache.ts';

/** Brings a deleted ticket back under its old id; undefined when no deleted ticket has that id. */
export async function restoreTicket({ store, cache }: Desk, id: number): Promise<Ticket | undefined> {
  checkId(id);

  const ticket = await store.restore(id);
  if (ticket) await noteWritten(cache, id);
  return ticket;
}
