/** Between the messages of the contract and the proxy's own types. */
import type { CreateResult__Output } from '../../../proto/generated/CreateResult.ts';
import type { Ticket__Output } from '../../../proto/generated/Ticket.ts';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import type { CreateResult, KnownTicket } from './types.ts';

/** Zero and empty are what an older service leaves out. */
export function knownTicket(ticket: Ticket__Output): KnownTicket {
  return {
    ...ticketValues(ticket),
    id: ticket.id,
    createdAt: ticket.createdAt || null,
    updatedAt: ticket.updatedAt || null,
    version: ticket.version || null,
    requestId: ticket.requestId || null,
  };
}

export function createResult({ id, rejection, ...result }: CreateResult__Output): CreateResult {
  const digest = result.digest.toString('hex') || null;
  if (!rejection) return { state: 'STORED', id, digest };
  const { reason, field, revision } = rejection;
  return { state: 'REJECTED', reason, field: field || undefined, revision, digest };
}
