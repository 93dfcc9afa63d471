/** Editing one ticket in place: view, edit, and, where two people changed it, choose. */
import { useRef, useState } from 'react';
import type { TicketDetailFragment } from '../../graphql/generated/operations.ts';
import { useDraft } from '../../state/drafts.ts';
import { rememberRequester } from '../../state/requesters.ts';
import {
  isTextField,
  type TextField,
  type TextProblems,
  type TicketText,
  textFields,
  textProblems,
} from '../../state/ticket-text.ts';
import { useOfferUndo } from '../../state/undo.ts';
import {
  afterSave,
  clashState,
  type EditState,
  rebased,
  resting,
  saveStatus,
  textClash,
  typed,
} from './edit-state.ts';
import { type Choices, chosenChanges, differences, myChanges } from './merge.ts';
import { useSave, valuesOf } from './use-save.ts';

export type TicketEdit = ReturnType<typeof useTicketEdit>;

export function useTicketEdit(ticket: TicketDetailFragment, id: number) {
  const stored = useDraft(`edit:${id}`);
  const save = useSave(ticket, id);
  const offerUndo = useOfferUndo();
  const [state, setState] = useState<EditState>(resting);
  const [wanted, setWanted] = useState<{ field: TextField }>({ field: 'title' });
  const busy = useRef(false);
  const now = valuesOf(ticket);
  const { draft } = stored;
  const text: TicketText = draft ?? now;

  /** Shows at once where a write should lead, and goes back when it does not. One write at a time. */
  const write = async (shown: EditState['mode'], run: () => Promise<EditState>) => {
    if (busy.current) return;
    busy.current = true;
    setState((before) => ({ ...before, mode: shown, saving: true, failure: null }));
    setState(await run());
    busy.current = false;
  };

  const edit = (field: TextField) => {
    setWanted({ field });
    setState((before) => (before.mode === 'view' && !before.saving ? { ...before, mode: 'edit' } : before));
  };

  const saveText = () => {
    const wrong = textFields.find((field) => textProblems(text)[field]);
    if (wrong) return setWanted({ field: wrong });
    if (!draft) return setState(resting);
    return write('view', async () => {
      const saved = await save(myChanges(draft.base, draft), draft.base.version);
      const next = afterSave(saved, {
        clash: (current) => textClash(draft, current),
        otherwise: 'edit',
      });
      if (next === resting) {
        stored.set(null);
        rememberRequester(draft.name);
      }
      if (isTextField(next.failure?.field)) setWanted({ field: next.failure.field });
      return next;
    });
  };

  const setStatus = (status: string) => {
    if (status === now.status) return;
    void write(state.mode, async () => {
      const saved = await saveStatus(save, now, status);
      if (saved.kind === 'saved' && saved.written && draft) stored.set(rebased(draft, now, saved.written));
      const next = afterSave(saved, {
        clash: (theirs) => ({
          base: { ...theirs, status: now.status },
          mine: { ...theirs, status },
          theirs,
          version: theirs.version,
          of: 'status',
        }),
        otherwise: state.mode,
      });
      return next === resting ? { ...resting, mode: state.mode } : next;
    });
  };

  const choose = (choices: Choices) => {
    const { clash } = state;
    if (!clash) return;
    const changes = chosenChanges(differences(clash), choices);
    void write('clash', async () => {
      const nothing = Object.keys(changes).length === 0;
      const saved = nothing
        ? ({ kind: 'saved', written: null } as const)
        : await save(changes, clash.version);
      const next = afterSave(saved, {
        clash: (theirs) => ({ ...clash, theirs, version: theirs.version }),
        otherwise: 'clash',
      });
      if (next === resting && clash.of === 'text') stored.set(null);
      return next.mode === 'clash' && !next.clash ? { ...next, clash } : next;
    });
  };

  const discard = () => {
    const { set } = stored;
    set(null);
    setState(resting);
    offerUndo({ text: 'Your change was discarded.', undo: () => set(draft) });
  };

  return {
    ...state,
    stored,
    now,
    text,
    wanted,
    changedElsewhere:
      draft !== null && !state.saving && draft.base.version !== now.version ? draft.base : null,
    problems: shownProblems(text, state),
    edit,
    type: (field: TextField, value: string) => stored.set(typed(draft, now, { field, text: value })),
    leave: () => setState((before) => ({ ...before, mode: 'view', failure: null })),
    resume: () =>
      setState((before) => ({ ...before, mode: before.clash?.of === 'status' ? 'view' : 'edit' })),
    compare: () => draft && setState(clashState(textClash(draft, now))),
    saveText,
    setStatus,
    choose,
    discard,
  };
}

function shownProblems(text: TicketText, { failure }: EditState): TextProblems {
  const problems = textProblems(text);
  if (failure && isTextField(failure.field)) problems[failure.field] = failure.message;
  return problems;
}
