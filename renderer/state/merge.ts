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

/** What the person chose, and between which values. */
export type Chosen = Partial<Record<EditFieldName, { side: Side; difference: Difference }>>;

/** Whether something else was chosen between than what is there now: nobody has chosen over that. */
export function isOutdated({ field, mine, theirs }: Difference, chosen: Chosen): boolean {
  const seen = chosen[field]?.difference;
  return seen !== undefined && !(sameValue(seen.mine, mine) && sameValue(seen.theirs, theirs));
}

/** What stands chosen; a field is open again where the choice was between other values. */
export function choicesNow(found: readonly Difference[], chosen: Chosen): Choices {
  const choices = firstChoices(found);
  for (const difference of found) {
    const { field } = difference;
    const side = chosen[field]?.side;
    if (isOutdated(difference, chosen)) delete choices[field];
    else if (side) choices[field] = side;
  }
  return choices;
}

/** The first field that is still to be chosen. */
export function openChoice(found: readonly Difference[], choices: Choices): Difference | undefined {
  return found.find(({ field }) => choices[field] === undefined);
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
