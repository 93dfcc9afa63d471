/**
 * What narrows a list of tickets. Each place that carries a filter (GraphQL, gRPC, SQL, cache) maps every field of it:
 * the types below refuse a mapping that leaves one out, and filters.integration.test.ts sends each the whole way.
 */
import { limits } from '../../proto/checks.ts';
import type { FilterValue } from '../../proto/field-kinds.ts';
import {
  type FieldFilters,
  type FilterFieldName,
  fieldOf,
  filterFieldNames,
  ticketFields,
} from '../../proto/ticket-fields.ts';
import {
  fieldProblem,
  idProblem,
  type Problem,
  queryProblem,
  searchProblem,
  timeZoneProblem,
} from './ticket.ts';

/** All that is given must hold; of what must be any of a list, an empty list fits no ticket. */
export interface TicketFilter extends FieldFilters {
  /** Any of these; at most limits.maxPageSize. */
  ids?: readonly number[] | undefined;
  /** Found as it is in one of the fields that are searched, a single word from its beginning on. */
  text?: string | undefined;
  /** In the language of proto/search-language.ts. */
  query?: string | undefined;
  /** Of the days that the query names: of IANA's database. Left out: UTC. */
  timeZone?: string | undefined;
}

/** An object with a value for each field, so that no field can be forgotten: `Complete<TicketFilter>`. */
export type Complete<Message> = { [Field in keyof Required<Message>]: Message[Field] | undefined };

/** One list that stands for both: what is in each of them. Undefined is any. */
export function inBoth<Value>(
  one: readonly Value[] | undefined,
  other: readonly Value[] | undefined,
): readonly Value[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((value) => other.includes(value));
}

/** On the wire an empty list means any, so a filter that fits nothing is answered without asking. */
export function fitsNothing({ ids, ...filter }: TicketFilter): boolean {
  const lists = filterFieldNames
    .filter((name) => fieldOf(name).kind === 'choice')
    .map((name) => filter[ticketFields[name].filter]);
  return [ids, ...lists].some((list) => list?.length === 0);
}

export function listProblem(
  field: string,
  values: readonly unknown[],
  max: number = limits.maxPageSize,
): Problem | undefined {
  if (values.length <= max) return undefined;
  return { field, message: `${field} has at most ${max} entries. Ask for fewer at once.` };
}

export function filterProblem({
  ids = [],
  text,
  query,
  timeZone,
  ...filter
}: TicketFilter): Problem | undefined {
  const badId = ids.find((id) => idProblem('ids', id));
  return (
    listProblem('ids', ids) ??
    (badId === undefined ? undefined : idProblem('ids', badId)) ??
    firstOf(filterFieldNames, (name) => askedProblem(name, filter[ticketFields[name].filter])) ??
    (text === undefined ? undefined : searchProblem(text)) ??
    (query === undefined ? undefined : queryProblem(query)) ??
    (timeZone === undefined ? undefined : timeZoneProblem(timeZone))
  );
}

function askedProblem(name: FilterFieldName, wanted: FilterValue | undefined): Problem | undefined {
  const { filter } = ticketFields[name];
  if (wanted === undefined) return undefined;
  if (fieldOf(name).kind !== 'choice' || typeof wanted === 'string')
    return fieldProblem(name, typeof wanted === 'string' ? wanted : [...wanted], filter);
  return listProblem(filter, wanted) ?? firstOf(wanted, (value) => fieldProblem(name, value, filter));
}

function firstOf<Item>(
  items: readonly Item[],
  problemOf: (item: Item) => Problem | undefined,
): Problem | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem) return problem;
  }
  return undefined;
}
