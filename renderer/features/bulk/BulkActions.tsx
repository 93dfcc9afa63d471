/** What can be done with all chosen tickets at once: each field that is set at once, deleting, and an export. */
import { useState } from 'react';
import { uuidv7 } from 'uuidv7';
import type { FieldValue } from '../../../proto/field-kinds.ts';
import {
  type AtOnceFieldName,
  editAtOnceNames,
  fieldOf,
  ticketChanges,
} from '../../../proto/ticket-fields.ts';
import { FieldChooser } from '../../components/FieldChooser.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import type { PrepareBulk } from '../../graphql/generated/operations.ts';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { type Chosen, useChosen } from '../../state/chosen.ts';
import { useCommand } from '../../state/commands.ts';
import { useBlocked, useLive } from '../../state/live.tsx';
import { useAskMe } from '../../state/me.ts';
import { focusList } from '../../state/navigation.tsx';
import { noteOwnChange } from '../../state/own-changes.ts';
import { showFailure } from '../../state/toasts.ts';
import { exportChosen } from '../../state/wanted-export.ts';
import { BulkQuestion } from './BulkQuestion.tsx';
import { useJobChanges } from './use-job-changes.ts';

/** More than these, or all that match, are changed only after a question. */
const unaskedTickets = 20;

type Wish = Pick<PrepareBulk, 'changes' | 'addTags' | 'removeTags' | 'isDelete'>;

export function BulkActions() {
  const blocked = useBlocked();
  const { wish, question } = useWishes();
  const choice = useChosen();
  const ask = useAskMe();
  const can = { enabled: blocked === null, disabledReason: blocked, goesFirst: true };
  const assignToMe = async () => {
    const me = await ask();
    if (me) wish({ changes: { assigneeId: me.id } });
  };
  const remove = () => wish({ isDelete: true });
  useCommand('assign-to-me', () => void assignToMe(), can);
  useCommand('delete-ticket', remove, can);
  const takeOut = () => exportChosen(choice);
  // The dialog says why not, where it can't.
  useCommand('export', takeOut, { goesFirst: true });
  const common = { values: null, blocked, onLeave: focusList };
  return (
    <>
      {editAtOnceNames.map((name) =>
        fieldOf(name).kind === 'set' ? (
          <SetChoosers key={name} name={name} common={common} onWish={wish} />
        ) : (
          <FieldChooser
            key={name}
            name={name}
            {...common}
            goesFirst
            onChoose={(value) => wish({ changes: ticketChanges({ [name]: value }) })}
          />
        ),
      )}
      <SmallButton disabled={blocked !== null} title={blocked ?? 'Delete (Delete)'} onClick={remove}>
        Delete
      </SmallButton>
      <SmallButton onClick={takeOut}>Export…</SmallButton>
      {question}
    </>
  );
}

interface SetChoosersProps {
  name: AtOnceFieldName;
  common: { values: null; blocked: string | null; onLeave(): void };
  onWish(wish: Wish): void;
}

/** Each ticket keeps the entries that it has: some are added to them, or taken out. */
function SetChoosers({ name, common, onWish }: SetChoosersProps) {
  const label = fieldOf(name).label.toLowerCase();
  const wished = (part: 'addTags' | 'removeTags') => (value: FieldValue) => {
    if (Array.isArray(value) && value.length > 0) onWish({ [part]: value });
  };
  return (
    <>
      <FieldChooser {...common} name={name} act={`Add ${label}`} goesFirst onChoose={wished('addTags')} />
      <FieldChooser {...common} name={name} act={`Remove ${label}`} onChoose={wished('removeTags')} />
    </>
  );
}

/** From a wish to a bulk change that has begun; with the question in between, where there is one. */
function useWishes() {
  const { bulk } = useLive();
  const { chosen, clear } = useChosen();
  const changes = useJobChanges();
  const [asked, setAsked] = useState<BulkJob | null>(null);

  const begin = async (job: BulkJob) => {
    if (chosen?.kind === 'ids' && job.total <= unaskedTickets)
      for (const id of chosen.ids) noteOwnChange({ id, version: null });
    await bulk.begin(job.id);
    changes.made(job);
    // What matches once they are changed is not what was chosen.
    if (chosen?.kind === 'all') clear();
  };
  const wish = async (what: Wish) => {
    if (!chosen) return;
    const job = await bulk.prepare({ id: uuidv7(), ...ticketsOf(chosen), ...what });
    if (chosen.kind === 'all' || job.total > unaskedTickets) setAsked(job);
    else await begin(job);
  };
  const leave = () => {
    setAsked(null);
    focusList();
  };
  return {
    wish: (what: Wish) => void wish(what).catch(showFailure),
    question: asked && (
      <BulkQuestion
        job={asked}
        onYes={() => {
          leave();
          begin(asked).catch(showFailure);
        }}
        onNo={leave}
      />
    ),
  };
}

function ticketsOf(chosen: Chosen): Pick<PrepareBulk, 'ids' | 'filter' | 'except'> {
  if (chosen.kind === 'ids') return { ids: [...chosen.ids] };
  return { filter: chosen.filter, except: [...chosen.except] };
}
