/** Two people changed one ticket: what each did, field by field, and what follows from the choices. */
import { type TicketText, textFields } from '../../state/ticket-text.ts';

export interface TicketValues extends TicketText {
  status: string;
}

export type TicketField = keyof TicketValues;
export type Side = 'mine' | 'theirs';

export interface Difference {
  field: TicketField;
  mine: string;
  theirs: string;
  /** Who moved away from what both began with. */
  changedBy: Side | 'both';
}

export interface Versions {
  /** What both began with. */
  base: TicketValues;
  mine: TicketValues;
  theirs: TicketValues;
}

const fields: readonly TicketField[] = [...textFields, 'status'];

/** The fields in which mine and theirs differ, in the form's order. */
export function differences({ base, mine, theirs }: Versions): Difference[] {
  return fields
    .filter((field) => mine[field] !== theirs[field])
    .map((field) => {
      const changedBy =
        mine[field] === base[field] ? 'theirs' : theirs[field] === base[field] ? 'mine' : 'both';
      return { field, mine: mine[field], theirs: theirs[field], changedBy };
    });
}

export type Choices = Partial<Record<TicketField, Side>>;

/** Decided beforehand where one side alone changed a field; a field that both changed is the person's to choose. */
export function firstChoices(found: readonly Difference[]): Choices {
  const choices: Choices = {};
  for (const { field, changedBy } of found) if (changedBy !== 'both') choices[field] = changedBy;
  return choices;
}

/** The first field that is still to be chosen. */
export function openChoice(found: readonly Difference[], choices: Choices): TicketField | undefined {
  return found.find(({ field }) => choices[field] === undefined)?.field;
}

/** What to write over the version that is there now: what was chosen as mine and nothing else. */
export function chosenChanges(found: readonly Difference[], choices: Choices): Partial<TicketValues> {
  const changes: Partial<TicketValues> = {};
  for (const { field, mine } of found) if (choices[field] === 'mine') changes[field] = mine;
  return changes;
}

/** The fields that I changed, ready to send; nothing else is written. */
export function myChanges(base: TicketText, mine: TicketText): Partial<TicketText> {
  const changes: Partial<TicketText> = {};
  for (const field of textFields) if (mine[field] !== base[field]) changes[field] = mine[field];
  return changes;
}

/** The fields in which two versions differ, in the form's order. */
export function changedFields(before: TicketValues, after: TicketValues): TicketField[] {
  return fields.filter((field) => before[field] !== after[field]);
}
