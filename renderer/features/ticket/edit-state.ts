/** Where an edit stands, and where an answer takes it: the rules without the page. */
import type { EditDraft } from '../../state/drafts.ts';
import type { Failure } from '../../state/failure.ts';
import { sameText, type TextField } from '../../state/ticket-text.ts';
import { UndoError } from '../../state/undo.ts';
import {
  type Choices,
  chosenChanges,
  differences,
  myChanges,
  type TicketField,
  type TicketValues,
  type Versions,
} from './merge.ts';
import type { Save, Saved, VersionedValues } from './use-save.ts';

/** Two versions to choose between, and the version that the choice will replace. */
export interface Clash extends Versions {
  version: number | null;
  /** What was being written: the typed text, or the status alone. */
  of: 'text' | 'status';
}

export interface EditState {
  mode: 'view' | 'edit' | 'clash';
  saving: boolean;
  failure: Failure | null;
  clash: Clash | null;
}

export const resting: EditState = { mode: 'view', saving: false, failure: null, clash: null };

/** The draft after a keystroke; null once the text is again what the ticket says. */
export function typed(
  draft: EditDraft | null,
  ticket: VersionedValues,
  change: { field: TextField; text: string },
): EditDraft | null {
  const { title, description, name } = ticket;
  const begun = draft ?? { title, description, name, base: ticket };
  const next = { ...begun, [change.field]: change.text };
  return sameText(next, next.base) ? null : next;
}

/** The three versions of a clash over typed text. An edit does not touch the status. */
export function textClash(draft: EditDraft, theirs: VersionedValues): Clash {
  const { base, title, description, name } = draft;
  return {
    base,
    mine: { title, description, name, status: base.status },
    theirs,
    version: theirs.version,
    of: 'text',
  };
}

/** Where to stand after a write: what was typed is shown again unless it was written. */
export function afterSave(
  saved: Saved,
  { clash, otherwise }: { clash(current: VersionedValues): Clash; otherwise: EditState['mode'] },
): EditState {
  if (saved.kind === 'saved') return resting;
  if (saved.kind === 'clash') return clashState(clash(saved.current));
  const failure: Failure =
    saved.kind === 'failed'
      ? saved.failure
      : { code: 'NOT_FOUND', message: 'This ticket was deleted meanwhile. What you typed is kept here.' };
  return { mode: otherwise, saving: false, failure, clash: null };
}

/** A clash to be chosen on; none when both sides came to the same values. */
export function clashState(clash: Clash): EditState {
  if (differences(clash).length === 0) return resting;
  return { mode: 'clash', saving: false, failure: null, clash };
}

/**
 * Writes these fields on the newest version as long as nobody else has changed them since they were seen: another
 * field's change is no clash with them, and the one who pressed a key need not hear of it.
 */
async function saveOver(save: Save, seen: VersionedValues, changes: Partial<TicketValues>): Promise<Saved> {
  const touched = Object.keys(changes) as TicketField[];
  const isAsSeen = (current: VersionedValues) => touched.every((field) => current[field] === seen[field]);
  let saved = await save(changes, seen.version);
  for (let again = 0; again < 3 && saved.kind === 'clash' && isAsSeen(saved.current); again += 1)
    saved = await save(changes, saved.current.version);
  return saved;
}

/** A write that was done: what it replaced, and the ticket as it was written. */
export interface Written {
  before: Partial<TicketValues>;
  after: VersionedValues;
}

/** @throws UndoError that is final when somebody else has changed the same since. */
export async function takeBack(save: Save, { before, after }: Written): Promise<void> {
  const saved = await saveOver(save, after, before);
  if (saved.kind === 'failed') throw new UndoError(saved.failure.message, { isFinal: false });
  if (saved.kind === 'clash') throw new UndoError('Somebody else has changed it since.', { isFinal: true });
  if (saved.kind === 'gone') throw new UndoError('The ticket was deleted meanwhile.', { isFinal: true });
}

/** Where an edit stands after a write, and the write, if it was done. */
export interface Outcome {
  state: EditState;
  written: Written | null;
}

function outcome(
  state: EditState,
  saved: Saved,
  over: TicketValues,
  changes: Partial<TicketValues>,
): Outcome {
  const after = saved.kind === 'saved' ? saved.written : null;
  const touched = Object.keys(changes) as TicketField[];
  const before = Object.fromEntries(touched.map((field) => [field, over[field]]));
  return { state, written: after && { before, after } };
}

/** Writes the fields that were typed over the version they were typed on. */
export async function writeText(save: Save, draft: EditDraft): Promise<Outcome> {
  const changes = myChanges(draft.base, draft);
  const saved = await save(changes, draft.base.version);
  const state = afterSave(saved, { clash: (current) => textClash(draft, current), otherwise: 'edit' });
  return outcome(state, saved, draft.base, changes);
}

/** Sets the status; where somebody else set it too, the two stand against each other and nothing else does. */
export async function writeStatus(
  save: Save,
  { seen, status, mode }: { seen: VersionedValues; status: string; mode: EditState['mode'] },
): Promise<Outcome> {
  const saved = await saveOver(save, seen, { status });
  const state = afterSave(saved, {
    clash: (theirs) => ({
      base: { ...theirs, status: seen.status },
      mine: { ...theirs, status },
      theirs,
      version: theirs.version,
      of: 'status',
    }),
    otherwise: mode,
  });
  return outcome(saved.kind === 'saved' ? { ...resting, mode } : state, saved, seen, { status });
}

/** Writes what was chosen as mine over the version that was shown as theirs; a newer one is a new clash. */
export async function writeChoice(save: Save, clash: Clash, choices: Choices): Promise<Outcome> {
  const changes = chosenChanges(differences(clash), choices);
  if (Object.keys(changes).length === 0) return { state: resting, written: null };
  const saved = await save(changes, clash.version);
  const state = afterSave(saved, {
    clash: (theirs) => ({ ...clash, theirs, version: theirs.version }),
    otherwise: 'clash',
  });
  return outcome(state.failure ? { ...state, clash } : state, saved, clash.theirs, changes);
}

/** My own write of another field is no foreign change to the edit that is going on. */
export function rebased(draft: EditDraft, seen: VersionedValues, written: VersionedValues): EditDraft {
  const mineAlone = draft.base.version === seen.version && sameText(seen, written);
  return mineAlone ? { ...draft, base: written } : draft;
}
