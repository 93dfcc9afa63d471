/** What became of a create, by its requestId: for whoever has lost the answer, or comes back to it later. */
import type { NewTicketValues } from '../../../proto/ticket-fields.ts';
import { hexDigestOf, sameText } from '../../create-digest.ts';
import type { CreateResult } from '../client/types.ts';
import type { ProxyContext } from '../context.ts';
import { type Filed, taken } from '../outbox/outbox.ts';
import type { CreateTicketResponse } from './generated/resolvers.ts';

/** One that failed is kept, but is no success. */
export function createResponse(filed: Filed): CreateTicketResponse {
  return { success: filed.state !== 'FAILED', ...filed };
}

/**
 * Null when neither the outbox nor the service has it. What the service has rejected is in the outbox, or nobody's any
 * more.
 * @throws DeskError CONFLICT: it was filed with another text than this one. Else as every read.
 */
export async function findCreate(
  { client, outbox }: ProxyContext,
  requestId: string,
  text: NewTicketValues | undefined,
): Promise<Filed | null> {
  // The outbox first: what leaves it meanwhile is known to the service by the second question.
  const known = outbox.known(requestId, text);
  if (known) return known;
  const results = await client.createResults([requestId]);
  const result = results === 'unknown' ? undefined : results.get(requestId);
  if (result?.state !== 'STORED') return null;
  if (text && !(await isOf(client, result, text))) throw taken(result.id);
  return { requestId, state: 'STORED', id: result.id };
}

/** Where no digest is known, as from an older service, the ticket as it stands has to tell. */
async function isOf(
  client: ProxyContext['client'],
  { digest, id }: CreateResult & { state: 'STORED' },
  text: NewTicketValues,
): Promise<boolean> {
  if (digest !== null) return digest === hexDigestOf(text);
  const [ticket] = await client.list({ ids: [id] });
  return ticket !== undefined && sameText(ticket, text);
}
