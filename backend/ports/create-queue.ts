/**
 * The way a create takes from the proxy's outbox to the ticket service.
 * Built-in: straight over gRPC. Team: the NSQ topic `ticketCreate`.
 */
import type { NewTicket } from '../domain/ticket.ts';

/** `stored`: the service has it, under this id. `accepted`: on its way, to be confirmed by the service later. */
export type PublishResult = { state: 'stored'; id: number } | { state: 'accepted' };

export interface PublishOptions {
  signal: AbortSignal;
  /** An earlier run of this desk may have sent it, and what became of that is not known. */
  inDoubt?: boolean;
}

export interface CreateQueue {
  /**
   * Sends one create. Safe to call again with the same requestId: it makes at most one ticket.
   * @throws DeskError CONFLICT: it may have been stored, by a service that can't tell it from a second one.
   * @throws DeskError for which mayPass() is true: not known to be sent; send it again later.
   * @throws DeskError BAD_USER_INPUT: can never succeed as it is; `field` names the cause.
   */
  publish(create: NewTicket, options: PublishOptions): Promise<PublishResult>;
  /** Tells whenever its own way has opened, where it has one. @returns unsubscribe */
  onOpen?(listener: () => void): () => void;
  /** Tries its own way at once, where it has one and waits before the next try. */
  retryNow?(): void;
  close(): Promise<void>;
}
