import { uuidv7 } from 'uuidv7';
import { newTicketProblem } from '../../domain/ticket.ts';
import type { Desk } from './desk.ts';
import { checkCreatedAt, checkRequestId, refuse } from './input.ts';
import { noteWritten } from './ticket-cache.ts';

export interface CreateInput {
  title: string;
  description: string;
  name: string;
  /** A UUID; made here when left out. */
  requestId?: string | undefined;
  /** When it was filed; now when left out. */
  createdAt?: string | undefined;
}

/** Answers the id of the one ticket that the requestId makes, now or earlier. */
export async function createTicket({ store, cache }: Desk, input: CreateInput): Promise<{ id: number }> {
  const { title, description, name, requestId = uuidv7(), createdAt = new Date().toISOString() } = input;
  refuse(newTicketProblem(input));
  checkRequestId(requestId);
  checkCreatedAt(createdAt);

  const outcome = await store.create({ title, description, name, requestId, createdAt });
  if (outcome.state === 'known') return { id: outcome.id };
  await noteWritten(cache, outcome.ticket);
  return { id: outcome.ticket.id };
}
