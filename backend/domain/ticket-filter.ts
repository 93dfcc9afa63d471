/**
 * What narrows a list of tickets. Each place that carries a filter (GraphQL, gRPC, SQL, cache) maps every field of it:
 * the types below refuse a mapping that leaves one out, and filters.integration.test.ts sends each the whole way.
 */
import { idProblem, type Problem, rules, searchProblem, statusProblem } from './ticket.ts';

/** All that is given must hold; a list that is empty fits no ticket. */
export interface TicketFilter {
  /** Any of these; at most rules.maxPageSize. */
  ids?: readonly number[] | undefined;
  /** Any of these. */
  statuses?: readonly string[] | undefined;
  /** Found in title, description or requester. */
  text?: string | undefined;
}

/** An object with a value for each field, so that no field can be forgotten: `Complete<TicketFilter>`. */
export type Complete<Message> = { [Field in keyof Required<Message>]: Message[Field] | undefined };

/**
 * What is left of a message when each field that is carried on was taken out of it: `rest satisfies NothingLeft` does
 * not compile while a field is not carried.
 */
export type NothingLeft = Record<string, never>;

/** One list that stands for both: what is in each of them. Undefined is any. */
export function inBoth<Value>(
  one: readonly Value[] | undefined,
  other: readonly Value[] | undefined,
): readonly Value[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((value) => other.includes(value));
}

/** On the wire an empty list means any, so a filter that fits nothing is answered without asking. */
export function fitsNothing({ ids, statuses }: TicketFilter): boolean {
  return ids?.length === 0 || statuses?.length === 0;
}

/** @param statusField what the caller's contract calls a status */
export function filterProblem(
  { ids = [], statuses = [], text, ...rest }: TicketFilter,
  statusField: string,
): Problem | undefined {
  rest satisfies NothingLeft;
  if (ids.length > rules.maxPageSize) {
    return { field: 'ids', message: `ids has at most ${rules.maxPageSize} entries. Ask for fewer at once.` };
  }
  const badId = ids.find((id) => idProblem('ids', id));
  if (badId !== undefined) return idProblem('ids', badId);
  const badStatus = statuses.find((status) => statusProblem(statusField, status));
  if (badStatus !== undefined) return statusProblem(statusField, badStatus);
  return text === undefined ? undefined : searchProblem(text);
}
