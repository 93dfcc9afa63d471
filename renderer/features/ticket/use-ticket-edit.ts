/** Editing one ticket in place: view, edit, and, where two people changed it, choose. */
import { useApolloClient } from '@apollo/client/react';
import { type Dispatch, type SetStateAction, useRef, useState } from 'react';
import type { FieldValue } from '../../../proto/field-kinds.ts';
import {
  type AtOnceFieldName,
  editAtOnceNames,
  type FieldName,
  fieldOf,
  sameValue,
  type TicketValues,
} from '../../../proto/ticket-fields.ts';
import { DiscardWriteDocument, type TicketDetailFragment } from '../../graphql/generated/operations.ts';
import { useAgentNames } from '../../state/agents.tsx';
import { useChanges } from '../../state/changes.ts';
import {
  type Draft,
  type EditDraft,
  useDiscard,
  useEditDraft,
  type VersionedValues,
} from '../../state/drafts.ts';
import { toWords, typedOver, wordsOf } from '../../state/form-values.ts';
import { type Choices, namesOf } from '../../state/merge.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { useQueued, withQueued } from '../../state/queued.ts';
import { rememberRequester } from '../../state/requesters.ts';
import { offerUndo } from '../../state/undo.ts';
import { statusesOf } from '../../state/views.ts';
import {
  besideField,
  type Clash,
  clashState,
  type EditState,
  type Outcome,
  rebased,
  resting,
  takeBack,
  textClash,
  writeChoice,
  writeField,
  writeText,
} from './edit-state.ts';
import { type Save, useSave, versionOf } from './use-save.ts';

export type TicketEdit = ReturnType<typeof useTicketEdit>;

export function useTicketEdit(ticket: TicketDetailFragment, id: number) {
  const stored = useEditDraft({ id, requestId: ticket.requestId ?? null });
  const [state, setState] = useState<EditState>(resting);
  const [focus, setFocus] = useState<{ name: FieldName }>({ name: 'title' });
  const now = withQueued(versionOf(ticket), useQueued(id));
  const { draft } = stored;
  const save = useSave(id);
  const values: TicketValues = draft ?? now;
  const writes = useWrites({
    stored,
    now,
    clash: state.clash,
    setState,
    save,
    keepUndo: useKeepUndo(id, save),
  });
  const discard = useDiscard(stored, 'Your change was discarded.');
  const foreign = draft !== null && !state.saving && draft.base.version !== now.version;

  return {
    ...state,
    ...writes,
    stored,
    now,
    values,
    /** The field that is to have the focus; a new object each time it is to be taken there. */
    focus,
    /** What the edit began with, when the ticket has been changed by somebody else since. */
    changedElsewhere: foreign ? draft.base : null,
    edit(name: FieldName) {
      setFocus({ name });
      setState((before) => (before.mode === 'view' && !before.saving ? { ...before, mode: 'edit' } : before));
    },
    type: (name: FieldName, value: FieldValue) => stored.set(typedOver(draft, now, { name, value })),
    leave: () => setState((before) => ({ ...before, mode: 'view', failure: null })),
    resume: () => setState((before) => ({ ...before, mode: before.clash?.of === 'text' ? 'edit' : 'view' })),
    compare: () => draft && setState(clashState(textClash(draft, now))),
    discard() {
      discard();
      setState(resting);
    },
  };
}

interface WritesOptions {
  stored: Draft<EditDraft>;
  now: VersionedValues;
  clash: Clash | null;
  setState: Dispatch<SetStateAction<EditState>>;
  save: Save;
  /** Says what was written, with a way back. */
  keepUndo(done: Outcome): void;
}

/** Shows at once where a write should lead, and goes back when it does not. One after the other, in the order of the hands. */
function useWrites({ stored, now, clash, setState, save, keepUndo }: WritesOptions) {
  const last = useRef(Promise.resolve());
  const isLeaving = useRef(false);
  const ownWrites = useRef<Partial<Record<AtOnceFieldName, VersionedValues>>>({});
  const inTurn = (write: () => Promise<void>) => {
    last.current = last.current.then(write);
  };
  const begin = (change: Partial<EditState>) =>
    setState((before) => ({ ...before, ...change, saving: true, failure: null }));
  /** Leaves the form that it is pressed in, and so does a second press nothing. */
  const leave = (shown: EditState['mode'], run: () => Promise<Outcome>) => {
    if (isLeaving.current) return;
    isLeaving.current = true;
    inTurn(async () => {
      begin({ mode: shown });
      const done = await run();
      setState(done.state);
      isLeaving.current = false;
      keepUndo(done);
    });
  };
  return {
    saveText() {
      leave('view', async () => {
        const draft = stored.latest();
        if (!draft) return { state: resting, written: null };
        const done = await writeText(save, draft);
        if (done.state === resting) {
          stored.set(null);
          rememberRequester(draft.name);
        }
        return done;
      });
    },
    setField(field: AtOnceFieldName, value: FieldValue) {
      if (sameValue(value, now[field])) return;
      inTurn(async () => {
        begin({});
        // What was set of this field while this choice waited is known to whoever chose.
        const own = ownWrites.current[field];
        const seen = own && (own.version ?? 0) > (now.version ?? 0) ? own : now;
        const done = await writeField(save, { field, value, seen });
        const written = done.written?.after;
        const draft = stored.latest();
        if (written && draft) stored.set(rebased(draft, { field, seen, written }));
        if (written) ownWrites.current[field] = written;
        setState((before) => besideField(before, field, done));
        keepUndo(done);
      });
    },
    choose(choices: Choices) {
      if (!clash) return;
      leave('clash', async () => {
        const done = await writeChoice(save, clash, choices);
        if (done.state === resting && clash.of === 'text') stored.set(null);
        return done;
      });
    },
  };
}

/** A ticket that leaves the view by it is not lost: the words say where it went, and Undo brings it back. */
function useKeepUndo(id: number, save: Save) {
  const { view } = useNavigation();
  const changes = useChanges();
  const nameOf = useAgentNames();
  const statuses = statusesOf(view.query) ?? [];
  const client = useApolloClient();
  return ({ written, queued }: Outcome) => {
    if (queued !== undefined) {
      const variables = { input: { requestId: queued } };
      offerUndo({
        text: `#${id}: your change is kept here and goes out by itself.`,
        undo: () => client.mutate({ mutation: DiscardWriteDocument, variables }),
      });
    }
    if (!written) return;
    const { requestId, before, after } = written;
    const leaves =
      before.status !== undefined && statuses.includes(before.status) && !statuses.includes(after.status);
    const set = editAtOnceNames.find((name) => before[name] !== undefined);
    const done = set ? changeWords(set, wordsOf(set, after[set], nameOf)) : 'was changed';
    const text = `#${id} ${done}${leaves ? `, and no longer in ${view.name}` : ''}.`;
    const made = { way: 'ticket', id: requestId, ticketId: id, leaves } as const;
    const what = set
      ? `${fieldOf(set).label.toLowerCase()} of #${id} to ${toWords(set, after[set], nameOf)}`
      : `${namesOf(before)
          .map((name) => fieldOf(name).label.toLowerCase())
          .join(' and ')} of #${id}`;
    const change = changes.made({ ...made, what }, () => takeBack(save, written));
    changes.tell(text, { id: requestId, undo: () => changes.undo(change) });
  };
}

/** "is Urgent", "has the tags printer, vpn", "is due 24 Nov 2026, 17:00:00", "is given to Ada". */
function changeWords(name: AtOnceFieldName, words: string): string {
  const { kind, label } = fieldOf(name);
  const field = label.toLowerCase();
  if (words === '') return kind === 'time' ? `is no longer ${field}` : `has no ${field} any more`;
  return {
    text: 'was changed',
    choice: `is ${words}`,
    set: `has the ${field} ${words}`,
    time: `is ${field} ${words}`,
    person: `is given to ${words}`,
  }[kind];
}
