/** The proxy put together: GraphQL in front, the outbox and the ticket client behind. */
import type { Logger } from '../logger.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import type { TicketClient } from './ticket-client.ts';

export interface ProxyOptions {
  /** The outbox is its folder `outbox`. */
  dataDir: string;
  queue: CreateQueue;
  client: TicketClient;
  /** What is linked to, for the person: "this computer", or the service's address. */
  serviceLabel: string;
  logger: Logger;
  appVersion: string;
}

export interface Proxy {
  /** Answers POST /graphql and /query, and GET /health. Never rejects. */
  handle(request: Request): Promise<Response>;
  outbox: {
    waiting(): { waiting: number; failed: number };
    /** Answers how to stop listening. */
    onChange(listener: () => void): () => void;
  };
  /** Ends the subscriptions, lets what is being sent finish for a moment, closes the outbox. Queue and client stay their owner's. */
  stop(): Promise<void>;
}

/**
 * Resolves once the outbox is open and creates can be filed; what waits in it is sent from then on.
 * @throws DeskError CONFLICT: another Ticket Desk has the data folder open.
 * @throws DeskError UNAVAILABLE: the disk does not let the outbox be opened. Nothing was changed.
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  throw new Error(`not built yet: ${options.dataDir}`);
}
