/** Answers that carry JSON, in the media type that the caller takes. */
import type { DeskError } from '../../errors.ts';
import { formatDeskError } from './errors.ts';

/** Clients that take it read GraphQL errors out of it whatever the status; application/json they may not. */
const graphqlType = 'application/graphql-response+json';

export function jsonResponse(
  request: Request,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): Response {
  const takesGraphql = (request.headers.get('accept') ?? '').includes(graphqlType);
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': `${takesGraphql ? graphqlType : 'application/json'}; charset=utf-8`,
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

/** A refusal as a GraphQL error. */
export function errorResponse(
  request: Request,
  status: number,
  error: DeskError,
  headers: Record<string, string> = {},
): Response {
  return jsonResponse(request, status, { errors: [formatDeskError(error)] }, headers);
}
