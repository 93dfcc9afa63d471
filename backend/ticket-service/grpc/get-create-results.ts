import type { CreateResult as CreateResultMessage } from '../../../proto/generated/CreateResult.ts';
import type { GetCreateResultsRequest__Output } from '../../../proto/generated/GetCreateResultsRequest.ts';
import type { GetCreateResultsResponse } from '../../../proto/generated/GetCreateResultsResponse.ts';
import type { CreateResult } from '../store/ticket-store.ts';
import { findCreateResults } from '../use-cases/create-results.ts';
import type { UnaryRpc } from './rpc.ts';

export const getCreateResults: UnaryRpc<GetCreateResultsRequest__Output, GetCreateResultsResponse> = async (
  desk,
  { requestIds },
) => ({ results: (await findCreateResults(desk, requestIds)).map(toMessage) });

function toMessage(result: CreateResult): CreateResultMessage {
  const { requestId, digest } = result;
  const known = { requestId, ...(digest && { digest }) };
  if (result.state === 'stored') return { ...known, id: result.id };
  const { reason, field = '', revision } = result;
  return { ...known, rejection: { reason, field, revision } };
}
