import type { GetCreateResultsRequest__Output } from '../../../proto/generated/GetCreateResultsRequest.ts';
import type { GetCreateResultsResponse } from '../../../proto/generated/GetCreateResultsResponse.ts';
import { findCreateResults } from '../use-cases/create-results.ts';
import type { UnaryRpc } from './rpc.ts';

export const getCreateResults: UnaryRpc<GetCreateResultsRequest__Output, GetCreateResultsResponse> = async (
  desk,
  { requestIds },
) => ({ results: await findCreateResults(desk, requestIds) });
