/** The queue of the built-in profile: none at all. A create goes straight to the ticket service, which answers its id. */
import type { NewTicket } from '../domain/ticket.ts';
import type { CreateQueue } from '../ports/create-queue.ts';

/** The one call that this queue needs of the proxy's ticket client. */
export interface TicketCreator {
  createTicket(create: NewTicket, options: { signal: AbortSignal }): Promise<{ id: number }>;
}

/** The client stays its owner's: closing the queue does not close it. */
export function directQueue(client: TicketCreator): CreateQueue {
  return {
    async publish(create, options) {
      const { id } = await client.createTicket(create, options);
      return { state: 'stored', id };
    },
    async close() {},
  };
}
