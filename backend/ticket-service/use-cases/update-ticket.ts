import { changesProblem, type TicketChanges } from '../../domain/ticket.ts';
import type { UpdateOutcome } from '../store/ticket-store.ts';
import type { Desk } from './desk.ts';
import { checkExpectedVersion, checkId, refuse } from './input.ts';
import { noteWritten } from './ticket-cache.ts';

/** Writes the given fields, or nothing when the ticket no longer has the expected version. */
export async function updateTicket(
  { store, cache }: Desk,
  input: { id: number; changes: TicketChanges; expectedVersion: number | undefined },
): Promise<UpdateOutcome> {
  const { id, changes, expectedVersion } = input;
  checkId(id);
  refuse(changesProblem(changes));
  if (expectedVersion !== undefined) checkExpectedVersion(expectedVersion);

  const outcome = await store.update(id, changes, expectedVersion);
  if (outcome.state === 'updated') await noteWritten(cache, id);
  return outcome;
}
