/** Two people changed one ticket: what each did, field by field, and what follows from the choices. */
import type { FieldValue } from '../../proto/field-kinds.ts';
import {
  type EditFieldName,
  editFieldNames,
  sameValue,
  type TicketChanges,
  type TicketValues,
  ticketChanges,
} from '../../proto/ticket-fields.ts';

export type Side = 'mine' | 'theirs';

export interface Difference {
  field: EditFieldName;
  mine: FieldValue;
  theirs: FieldValue;
  /** Who moved away from what both began with. */
  changedBy: Side | 'both';
}

export interface Versions {
  /** What both began with. */
  base: TicketValues;
  mine: TicketValues;
  theirs: TicketValues;
}

/** The fields in which mine and theirs differ, in the form's order. */
export function differences({ base, mine, theirs }: Versions): Difference[] {
  return editFieldNames
    .filter((field) => !sameValue(mine[field], theirs[field]))
    .map((field) => {
      const isAsBegun = (now: TicketValues) => sameValue(now[field], base[field]);
      const changedBy = isAsBegun(mine) ? 'theirs' : isAsBegun(theirs) ? 'mine' : 'both';
      return { field, mine: mine[field], theirs: theirs[field], changedBy };
    });
}

export type Choices = Partial<Record<EditFieldName, Side>>;

/** Decided beforehand where one side alone changed a field; a field that both changed is the person's to choose. */
export function firstChoices(found: readonly Difference[]): Choices {
  const choices: Choices = {};
  for (const { field, changedBy } of found) if (changedBy !== 'both') choices[field] = changedBy;
  return choices;
}

/** The first field that is still to be chosen. */
export function openChoice(found: readonly Difference[], choices: Choices): EditFieldName | undefined {
  return found.find(({ field }) => choices[field] === undefined)?.field;
}

/** What to write over the version that is there now: what was chosen as mine and nothing else. */
export function chosenChanges(found: readonly Difference[], choices: Choices): TicketChanges {
  const mine = found.filter(({ field }) => choices[field] === 'mine');
  return ticketChanges(Object.fromEntries(mine.map((each) => [each.field, each.mine])));
}

/** The fields that I changed, ready to send; nothing else is written. */
export function myChanges(base: TicketValues, mine: TicketValues): TicketChanges {
  return Object.fromEntries(changedFields(base, mine).map((field) => [field, mine[field]]));
}

/** The fields in which two versions differ, in the form's order. */
export function changedFields(before: TicketValues, after: TicketValues): EditFieldName[] {
  return editFieldNames.filter((field) => !sameValue(before[field], after[field]));
}

export function namesOf(changes: TicketChanges): EditFieldName[] {
  return editFieldNames.filter((field) => changes[field] !== undefined);
}
