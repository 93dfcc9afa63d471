/** Answers as they leave: JSON, and in it every error with a code of the closed table, words for the person, the field at fault. */
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind, type SourceLocation } from 'graphql';
import { DeskError, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { HttpRefusal } from './request-body.ts';

function formatDeskError({ code, message, field, details = {} }: DeskError): GraphQLFormattedError {
  const { current, expectedVersion, ticketId } = details;
  // Those that are undefined are left out of the JSON.
  return { message, extensions: { code, field, current, expectedVersion, ticketId } };
}

/** Of a message of graphql's, which may repeat what the caller sent; and of a field's name, which may be the caller's. */
const maxCharacters = { message: 500, field: 100 };

function shortened(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** What graphql itself says of a request that is not right. */
export function badRequest(
  { message, locations }: { message: string; locations?: readonly SourceLocation[] | undefined },
  field: string | undefined,
): GraphQLFormattedError {
  return {
    message: shortened(message, maxCharacters.message),
    ...(locations && { locations }),
    extensions: {
      code: 'BAD_USER_INPUT',
      ...(field !== undefined && { field: shortened(field, maxCharacters.field) }),
    },
  };
}

/** A value that graphql found no good in the request, and not one that a resolver answered. */
function isOfTheRequest(error: GraphQLError): boolean {
  if (error.path === undefined) return true;
  const about = error.nodes?.[0]?.kind;
  const byGraphql = error.originalError === undefined || error.originalError instanceof GraphQLError;
  return byGraphql && about !== undefined && about !== Kind.FIELD;
}

/** Takes anything thrown on the way of a request; the text of what is not meant for the person only reaches the log. */
export function formatError(thrown: unknown, logger: Logger): GraphQLFormattedError {
  const inner = thrown instanceof GraphQLError ? unwrapResolverError(thrown) : thrown;
  const where = thrown instanceof GraphQLError ? placeOf(thrown) : {};
  if (!(inner instanceof DeskError) && thrown instanceof GraphQLError && isOfTheRequest(thrown)) {
    // The one that is left once the request was checked: a variable that is null where its default is not.
    const field = /^Argument "(\w+)"/.exec(thrown.message)?.[1];
    return { ...badRequest(thrown, field), ...where };
  }
  const error = toDeskError(inner);
  if (error.code === 'INTERNAL') logger.error({ err: inner }, 'a GraphQL request failed');
  return { ...formatDeskError(error), ...where };
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}

/** Clients that take it read GraphQL errors out of it whatever the status; application/json they may not. */
const graphqlType = 'application/graphql-response+json';

/** Of every answer in JSON, in the type that its reader takes. */
export function headersFor(request: Request): Record<string, string> {
  const takesGraphql = (request.headers.get('accept') ?? '').includes(graphqlType);
  return {
    'content-type': `${takesGraphql ? graphqlType : 'application/json'}; charset=utf-8`,
    'cache-control': 'no-store',
  };
}

export function jsonResponse(
  request: Request,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headersFor(request), ...headers } });
}

/** What was thrown as the answer to the whole request; what is no refusal is INTERNAL, and in the log. */
export function errorResponse(request: Request, thrown: unknown, logger: Logger): Response {
  const { status, headers } = thrown instanceof HttpRefusal ? thrown : { status: 500, headers: {} };
  if (status === 500) logger.error({ err: thrown }, 'a request failed');
  return jsonResponse(request, status, { errors: [formatDeskError(toDeskError(thrown))] }, headers);
}
