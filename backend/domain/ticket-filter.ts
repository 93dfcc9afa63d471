/**
 * What narrows a list of tickets. Each place that carries a filter (GraphQL, gRPC, SQL, cache) maps every field of it:
 * the types below refuse a mapping that leaves one out, and filters.integration.test.ts sends each the whole way.
 */
import { limits } from '../../proto/checks.ts';
import { type ChoiceFilters, filterFieldNames, ticketFields } from '../../proto/ticket-fields.ts';
import { fieldProblem, idProblem, type Problem, searchProblem } from './ticket.ts';

/** All that is given must hold; a list that is empty fits no ticket. */
export interface TicketFilter extends ChoiceFilters {
  /** Any of these; at most limits.maxPageSize. */
  ids?: readonly number[] | undefined;
  /** Found in one of the fields that are searched. */
  text?: string | undefined;
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
export function fitsNothing({ ids, text: _, ...choices }: TicketFilter): boolean {
  return [ids, ...Object.values(choices)].some((list) => list?.length === 0);
}

export function listProblem(field: string, values: readonly unknown[]): Problem | undefined {
  if (values.length <= limits.maxPageSize) return undefined;
  return { field, message: `${field} has at most ${limits.maxPageSize} entries. Ask for fewer at once.` };
}

export function filterProblem({ ids = [], text, ...choices }: TicketFilter): Problem | undefined {
  for (const [field, values] of Object.entries({ ids, ...choices })) {
    const tooLong = listProblem(field, values ?? []);
    if (tooLong) return tooLong;
  }
  const badId = ids.find((id) => idProblem('ids', id));
  if (badId !== undefined) return idProblem('ids', badId);
  for (const name of filterFieldNames) {
    const { filter } = ticketFields[name];
    for (const value of choices[filter] ?? []) {
      const problem = fieldProblem(name, value, filter);
      if (problem) return problem;
    }
  }
  return text === undefined ? undefined : searchProblem(text);
}
