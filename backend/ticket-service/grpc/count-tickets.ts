import type { CountTicketsRequest__Output } from '../../../proto/generated/CountTicketsRequest.ts';
import type { CountTicketsResponse } from '../../../proto/generated/CountTicketsResponse.ts';
import { countTickets as count } from '../use-cases/count-tickets.ts';
import { given, type UnaryRpc } from './rpc.ts';

export const countTickets: UnaryRpc<CountTicketsRequest__Output, CountTicketsResponse> = async (
  desk,
  { text },
) => {
  const counts = await count(desk, given(text));
  return { counts: counts.map(([status, count]) => ({ status, count })) };
};
