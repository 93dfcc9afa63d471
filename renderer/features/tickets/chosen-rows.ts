/**
 * Which tickets of a list are chosen, to act on all of them at once: some by their numbers, or all that the list's query
 * finds but some. Plain data, plain functions.
 */

export type Choice = { kind: 'ids'; ids: ReadonlySet<number> } | { kind: 'all'; except: ReadonlySet<number> };

export interface ChosenRows {
  /** Null where nothing is chosen. */
  choice: Choice | null;
  /** The rows that were chosen last from one to another, and what was chosen before: the range may grow and shrink. */
  range: { from: number; to: number; before: Choice | null } | null;
}

export const nothingChosen: ChosenRows = { choice: null, range: null };
export const allChosen: ChosenRows = { choice: { kind: 'all', except: new Set() }, range: null };

export function isChosen({ choice }: ChosenRows, id: number): boolean {
  if (choice === null) return false;
  return choice.kind === 'all' ? !choice.except.has(id) : choice.ids.has(id);
}

/** Chooses a ticket, or lets go of it. The next range begins there. */
export function toggled(rows: ChosenRows, id: number): ChosenRows {
  const choice = isChosen(rows, id) ? without(rows.choice, [id]) : including(rows.choice, [id]);
  return { choice, range: { from: id, to: id, before: choice } };
}

/** Where a range begins that goes on from this ticket: where the last one did, if that ends here. */
export function rangeStart({ range }: ChosenRows, at: number | null): number | null {
  return range?.to === at ? range.from : at;
}

/**
 * Chooses a range, in place of the last one where that began at the same row.
 * @param ids from where it begins to where it ends
 */
export function withRange(rows: ChosenRows, ids: readonly number[]): ChosenRows {
  const [from, to] = [ids[0], ids.at(-1)];
  if (from === undefined || to === undefined) return rows;
  const before = rows.range?.from === from ? rows.range.before : rows.choice;
  return { choice: including(before, ids), range: { from, to, before } };
}

/** Those that are chosen by their numbers. */
export function chosenIds({ choice }: ChosenRows): readonly number[] {
  return choice?.kind === 'ids' ? [...choice.ids] : [];
}

/** These tickets have left the view: what is acted on is what the list shows. */
export function afterLeaving(rows: ChosenRows, ids: readonly number[]): ChosenRows {
  const { choice, range } = rows;
  // All that match is read anew by whoever acts on it.
  if (choice?.kind !== 'ids' || !ids.some((id) => choice.ids.has(id))) return rows;
  const before = range?.before?.kind === 'ids' ? without(range.before, ids) : null;
  return { choice: without(choice, ids), range: range && { ...range, before } };
}

function including(choice: Choice | null, ids: readonly number[]): Choice {
  if (choice?.kind === 'all') return { kind: 'all', except: minus(choice.except, ids) };
  return { kind: 'ids', ids: new Set([...(choice?.ids ?? []), ...ids]) };
}

function without(choice: Choice | null, ids: readonly number[]): Choice | null {
  if (choice?.kind === 'all') return { kind: 'all', except: new Set([...choice.except, ...ids]) };
  const left = minus(choice?.ids ?? new Set(), ids);
  return left.size === 0 ? null : { kind: 'ids', ids: left };
}

function minus(set: ReadonlySet<number>, ids: readonly number[]): ReadonlySet<number> {
  const gone = new Set(ids);
  return new Set([...set].filter((id) => !gone.has(id)));
}
