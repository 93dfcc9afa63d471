/** The queue of the built-in profile: none at all. A create goes straight to the ticket service, which answers its id. */
import type { NewTicket } from '../domain/ticket.ts';
import { DeskError } from '../errors.ts';
import type { CreateQueue, PublishOptions } from '../ports/create-queue.ts';

/** The one call that this queue needs of the proxy's ticket client. */
export interface TicketCreator {
  createTicket(create: NewTicket, options: PublishOptions): Promise<{ id: number }>;
}

/** The client stays its owner's: closing the queue does not close it. */
export function directQueue(client: TicketCreator): CreateQueue {
  return {
    async publish(create, options) {
      const { id } = await client.createTicket(create, options).catch(inWordsOfTheOutbox);
      return { state: 'stored', id };
    },
    async close() {},
  };
}

/** The call's own words ask the person to look and try again; here both happen by themselves. */
function inWordsOfTheOutbox(thrown: unknown): never {
  if (!(thrown instanceof DeskError) || thrown.code !== 'DEADLINE_EXCEEDED') throw thrown;
  throw new DeskError(
    'DEADLINE_EXCEEDED',
    'The ticket service did not answer in time. It is asked again, and makes one ticket however often.',
    { cause: thrown },
  );
}
