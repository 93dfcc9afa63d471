import type { Ticket as TicketMessage } from '../../../proto/generated/Ticket.ts';
import type { Ticket } from '../../domain/ticket.ts';

export function toMessage(ticket: Ticket): TicketMessage {
  return { ...ticket, requestId: ticket.requestId ?? '' };
}
