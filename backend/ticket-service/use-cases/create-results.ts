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

  const found = await store.createResults(requestIds);
  const ids = new Map(found.map(({ requestId, id }) => [requestId, id]));
  return [...new Set(requestIds)].flatMap((requestId) => {
    const id = ids.get(requestId.toLowerCase());
    return id === undefined ? [] : [{ requestId, id }];
  });
}
