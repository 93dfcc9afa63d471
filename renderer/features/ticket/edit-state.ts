/** Where an edit stands, and where an answer takes it: the rules without the page. */
import type { FieldValue } from '../../../proto/field-kinds.ts';
import {
  type AtOnceFieldName,
  editFieldNames,
  ticketChanges,
  ticketValues,
} from '../../../proto/ticket-fields.ts';
import type { EditDraft, VersionedValues } from '../../state/drafts.ts';
import type { Failure } from '../../state/failure.ts';
import { areSame } from '../../state/form-values.ts';
import { type Choices, chosenChanges, differences, myChanges, type Versions } from '../../state/merge.ts';
import { UndoError } from '../../state/undo.ts';
import type { Save, Saved, Written } from './use-save.ts';

/** Two versions to choose between. */
export interface Clash extends Versions {
  /** With the version that the choice will replace. */
  theirs: VersionedValues;
  /** What was being written: the typed text, or one field alone. */
  of: 'text' | AtOnceFieldName;
}

export interface EditState {
  mode: 'view' | 'edit' | 'clash';
  saving: boolean;
  failure: Failure | null;
  clash: Clash | null;
}

export const resting: EditState = { mode: 'view', saving: false, failure: null, clash: null };

/** The three versions of a clash over typed text. */
export function textClash(draft: EditDraft, theirs: VersionedValues): Clash {
  return { base: draft.base, mine: ticketValues(draft), theirs, of: 'text' };
}

/** A clash to be chosen on; none when both sides came to the same values. */
export function clashState(clash: Clash): EditState {
  if (differences(clash).length === 0) return resting;
  return { ...resting, mode: 'clash', clash };
}

/** @throws UndoError that is final when somebody else has changed the same since. */
export async function takeBack(
  save: Save,
  { before, after }: Pick<Written, 'before' | 'after'>,
): Promise<void> {
  const saved = await save(before, after);
  if (saved.kind === 'failed') throw new UndoError(saved.failure.message, { isFinal: false });
  if (saved.kind === 'clash') throw new UndoError('Somebody else has changed it since.', { isFinal: true });
  if (saved.kind === 'gone') throw new UndoError('The ticket was deleted meanwhile.', { isFinal: true });
}

/** Where an edit stands after a write, and the write, if it was done. */
export interface Outcome {
  state: EditState;
  written: Written | null;
  /** The request that waits on this computer instead. */
  queued?: string;
}

interface Otherwise {
  clash(theirs: VersionedValues): Clash;
  /** Where to stand when nothing was written: what was typed is shown again. */
  mode: EditState['mode'];
}

export function outcome(saved: Saved, { clash, mode }: Otherwise): Outcome {
  switch (saved.kind) {
    case 'saved':
      return { state: resting, written: saved.written };
    case 'queued':
      return { state: resting, written: null, queued: saved.requestId };
    case 'clash':
      return { state: clashState(clash(saved.current)), written: null };
    case 'failed':
      return { state: { ...resting, mode, failure: saved.failure }, written: null };
    case 'gone': {
      const message = 'This ticket was deleted meanwhile. What you typed is kept here.';
      return { state: { ...resting, mode, failure: { code: 'NOT_FOUND', message } }, written: null };
    }
  }
}

/** Writes the fields that were typed over the version they were typed on. */
export async function writeText(save: Save, draft: EditDraft): Promise<Outcome> {
  const saved = await save(myChanges(draft.base, draft), draft.base);
  return outcome(saved, { clash: (theirs) => textClash(draft, theirs), mode: 'edit' });
}

interface FieldWrite {
  field: AtOnceFieldName;
  value: FieldValue;
  seen: VersionedValues;
}

/** Sets one field; where somebody else set it too, the two stand against each other and nothing else does. */
export async function writeField(save: Save, { field, value, seen }: FieldWrite): Promise<Outcome> {
  return outcome(await save(ticketChanges({ [field]: value }), seen), {
    clash: (theirs) => ({
      base: { ...theirs, [field]: seen[field] },
      mine: { ...theirs, [field]: value },
      theirs,
      of: field,
    }),
    mode: 'view',
  });
}

/** Where a write of one field leaves what stood open beside it: only a clash takes its place, and only a clash over this field is over. */
export function besideField(before: EditState, field: AtOnceFieldName, { state }: Outcome): EditState {
  const isOver = before.clash?.of === field && state === resting;
  return state.clash || isOver ? state : { ...before, saving: false, failure: state.failure };
}

/** Writes what was chosen as mine over the version that was shown as theirs; a newer one is a new clash. */
export async function writeChoice(save: Save, clash: Clash, choices: Choices): Promise<Outcome> {
  const changes = chosenChanges(differences(clash), choices);
  if (Object.keys(changes).length === 0) return { state: resting, written: null };
  const saved = await save(changes, clash.theirs);
  const done = outcome(saved, { clash: (theirs) => ({ ...clash, theirs }), mode: 'clash' });
  return done.state.failure ? { ...done, state: { ...done.state, clash } } : done;
}

/** My own write of one field is no foreign change to the edit that is going on. */
export function rebased(
  draft: EditDraft,
  { field, seen, written }: { field: AtOnceFieldName; seen: VersionedValues; written: VersionedValues },
): EditDraft {
  const others = editFieldNames.filter((name) => name !== field);
  const mineAlone = draft.base.version === seen.version && areSame(others, seen, written);
  return mineAlone ? { ...draft, [field]: written[field], base: written } : draft;
}
