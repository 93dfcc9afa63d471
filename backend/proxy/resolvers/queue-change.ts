/** A change that is on the disk before it is answered, and answered by the ticket service where the link stands. */
import { timestamp } from '../../../proto/utc-time.ts';
import type { KnownTicket } from '../client/types.ts';
import type { ProxyContext } from '../context.ts';
import type { ChangeRecord } from '../writes/write-record.ts';
import type { UpdateTicketResponse } from './generated/resolvers.ts';

type QueuedChange = Pick<
  ChangeRecord,
  'requestId' | 'ticketId' | 'ticketRequestId' | 'changes' | 'expectedVersion'
>;

/**
 * Waits for the ticket service as long as the link stands.
 * @throws DeskError CONFLICT with details.current: somebody changed the same fields meanwhile. The change leaves the queue:
 * whoever hears of the clash here has what they typed before them.
 */
export async function queueChange(
  { client, writes, agent }: ProxyContext,
  change: QueuedChange,
): Promise<Omit<UpdateTicketResponse, 'ticket'> & { ticket: KnownTicket | null }> {
  const { requestId } = change;
  const id = change.ticketId ?? 0;
  const unlinked = new AbortController();
  const look = () => {
    if (client.link().state !== 'CONNECTED') unlinked.abort();
  };
  const stop = client.onLink(look);
  look();
  try {
    const filed = await writes.file({ kind: 'CHANGE', agent, ...change, createdAt: timestamp() });
    const mayBeAnswered = filed.state === 'QUEUED' && change.ticketId !== null;
    const result = mayBeAnswered ? ((await writes.outcome(requestId, unlinked.signal)) ?? filed) : filed;
    if (result.state !== 'FAILED') {
      return { id, success: true, ticket: result.ticket ?? null, state: result.state };
    }
    await writes.discard(requestId);
    if (result.error && result.error.code !== 'NOT_FOUND') throw result.error;
    return { id, success: false, ticket: null, state: 'FAILED' };
  } finally {
    stop();
  }
}
