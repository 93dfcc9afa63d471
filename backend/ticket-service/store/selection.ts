/** What a filter asks of each ticket, in SQL. */
import {
  type FilterFieldName,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { columnOf } from './columns.ts';
import { assigneeOrNone, type Tier } from './cursor.ts';
import { type Completion, termConditions, timeCondition, wordsWanted } from './search-conditions.ts';
import type { TicketSelection } from './ticket-store.ts';
import type { Values } from './walk.ts';

/** @param wanted the place of what the field's filter asks for */
function fieldCondition(name: FilterFieldName, wanted: string): string {
  if (name === 'dueAt') return timeCondition(name, '<', wanted);
  switch (fieldOf(name).kind) {
    case 'set':
      return `${columnOf(name)} @> ${wanted}::text[]`;
    case 'person':
      // As the order by them has it, whose index serves it.
      return `${assigneeOrNone} = ${wanted}`;
    default:
      return `${columnOf(name)} = any(${wanted}::text[])`;
  }
}

/** The kinds of what is asked for beside statuses and numbers. */
function narrowings({ terms = [], ...filter }: TicketSelection): string[] {
  const persons = personFieldNames.filter((name) => filter[ticketFields[name].noneFilter]);
  const fields = filterFieldNames.filter(
    (name) => name !== 'status' && filter[ticketFields[name].filter] !== undefined,
  );
  return [
    ...[...persons, ...fields].map((name) => fieldOf(name).kind),
    ...terms.map(({ isNot, kind }) => (isNot ? 'not' : kind)),
  ];
}

/** Whether more is asked for than statuses, in which each order has an index of its own. */
export function isNarrowed(selection: TicketSelection): boolean {
  return selection.ids !== undefined || narrowings(selection).length > 0;
}

/** Whether they stand one behind the other in an index, of each status by whose they are or by a time. */
export function isOfOneIndex(selection: TicketSelection): boolean {
  const [kind, ...others] = narrowings(selection);
  return selection.ids === undefined && others.length === 0 && (kind === 'person' || kind === 'time');
}

export interface SelectionOptions {
  /** For tickets that come from the index of words, and not one by one from that of an order. */
  byIndex: boolean;
  /** Those alone that the search hits there. */
  tier?: Tier | undefined;
  /** For whole words in place of beginnings. */
  complete?: Completion | undefined;
}

export function selectionOf(values: Values, filter: TicketSelection, options: SelectionOptions): string {
  const { terms = [], ids } = filter;
  const conditions: string[] = [];
  for (const name of filterFieldNames) {
    const wanted = filter[ticketFields[name].filter];
    if (wanted && name !== 'status') conditions.push(fieldCondition(name, values.add(wanted)));
  }
  for (const name of personFieldNames)
    if (filter[ticketFields[name].noneFilter]) conditions.push(`${assigneeOrNone} = ''`);
  if (ids) conditions.push(`id = any(${values.add(ids)}::integer[])`);
  const words = wordsWanted(terms, options);
  const has = words === undefined ? [] : [`search @@ ${values.add(words)}::tsquery`];
  // A walk is over one status after the other.
  const statuses = options.byIndex ? filter.statuses : undefined;
  conditions.push(...(statuses ? [inStatuses(values, statuses, has)] : has));
  conditions.push(...termConditions(values, terms));
  return conditions.length > 0 ? conditions.join(' and ') : 'true';
}

/** @param words the condition of them, if there is one: each status that is not done has an index of its own for it */
function inStatuses(values: Values, statuses: readonly string[], words: readonly string[]): string {
  if (words.length === 0 || statuses.includes(ticketFields.status.closed) || statuses.length === 0)
    return [fieldCondition('status', values.add(statuses)), ...words].join(' and ');
  const each = statuses.map((status) => `(${[`status = ${values.add(status)}`, ...words].join(' and ')})`);
  return `(${each.join(' or ')})`;
}
