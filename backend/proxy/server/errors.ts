/** Every error that leaves as GraphQL: a code of the closed table, words for the person, the field at fault. */
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { DeskError, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { fieldOf } from './error-field.ts';

export function formatDeskError(error: DeskError): GraphQLFormattedError {
  const { code, field, details = {} } = error;
  const { current, expectedVersion, ticketId } = details;
  return {
    message: error.message,
    extensions: {
      code,
      ...(field === undefined ? {} : { field }),
      ...(current === undefined ? {} : { current }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      ...(ticketId === undefined ? {} : { ticketId }),
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
    const field = fieldOf(thrown);
    const extensions = { code: 'BAD_USER_INPUT', ...(field === undefined ? {} : { field }) };
    return { message: thrown.message, ...where, extensions };
  }
  const error = toDeskError(inner);
  if (error.code === 'INTERNAL') logger.error({ err: inner }, 'a GraphQL request failed');
  return { ...formatDeskError(error), ...where };
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}
