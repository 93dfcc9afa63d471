import type { CreateResult } from '../store/ticket-store.ts';
import type { Desk } from './desk.ts';
import { checkRequestId, refuse } from './input.ts';

const maxRequestIds = 500;

/** What became of these creates, under the ids as they were asked for; those never seen are left out. */
export async function findCreateResults(
  { store }: Desk,
  requestIds: readonly string[],
): Promise<CreateResult[]> {
  if (requestIds.length > maxRequestIds) {
    refuse({ field: 'requestIds', message: `requestIds holds at most ${maxRequestIds}. Ask in parts.` });
  }
  for (const requestId of requestIds) checkRequestId(requestId, 'requestIds');

  const found = new Map<string, CreateResult>();
  for (const result of await store.createResults(requestIds)) found.set(result.requestId, result);
  return [...new Set(requestIds)].flatMap((requestId) => {
    const result = found.get(requestId.toLowerCase());
    return result ? [{ ...result, requestId }] : [];
  });
}
