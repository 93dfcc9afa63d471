/**
 * Which tickets a list lets through, for those that no service of today filters: of a service that knows no filters,
 * creates on their way, and rows that change while they are looked at.
 */
import type { FieldValue, FilterValue } from './field-kinds.ts';
import { fold } from './fold.ts';
import {
  type FieldFilters,
  type FilterFieldName,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  type SearchFieldName,
  searchFieldNames,
  ticketFields,
  type ValueOf,
} from './ticket-fields.ts';

/** Whether one of the fields that are searched has the text. */
export function containsText(
  ticket: { [F in SearchFieldName]?: string | null | undefined },
  text: string,
): boolean {
  const wanted = fold(text);
  return searchFieldNames.some((name) => fold(ticket[name] ?? '').includes(wanted));
}

/** Whether all that the filters ask of a ticket holds; each of both in its one form. */
export function fitsFilters(
  ticket: { [F in FilterFieldName]: ValueOf<F> | null },
  filters: { [Filter in keyof FieldFilters]: FieldFilters[Filter] | null },
): boolean {
  const hasAll = filterFieldNames.every((name) => {
    const wanted = filters[ticketFields[name].filter];
    return wanted == null || fits(name, ticket[name], wanted);
  });
  return hasAll && personFieldNames.every((name) => !filters[ticketFields[name].noneFilter] || !ticket[name]);
}

function fits(name: FilterFieldName, value: FieldValue | null, wanted: FilterValue): boolean {
  if (fieldOf(name).kind === 'time') return value !== null && value < wanted;
  const values = Array.isArray(value) ? value : [value];
  const isThere = (one: string) => values.includes(one);
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  return fieldOf(name).kind === 'set' ? list.every(isThere) : list.some(isThere);
}
