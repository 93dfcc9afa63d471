/** The text of a create that failed, or was never sent, to be mended and sent again under the same requestId. */
import { useMemo } from 'react';
import { createFieldNames, type TicketValues } from '../../../proto/ticket-fields.ts';
import { SmallButton } from '../../components/SmallButton.tsx';
import { TicketForm, TicketFormButtons } from '../../components/TicketForm.tsx';
import { entryValues, isOneOf, typedOver } from '../../state/form-values.ts';
import type { OutboxEntry } from '../../state/live.tsx';
import type { CreateActions } from './use-create-actions.ts';

export interface CreateFormProps {
  entry: OutboxEntry;
  actions: CreateActions;
  /** Why it can't be saved any more; left out while it can. */
  blocked?: string | null;
  /** The form is left: with the text saved, or kept as a draft. */
  onLeave(): void;
}

export function CreateForm({ entry, actions, blocked = null, onLeave }: CreateFormProps) {
  const { edited, busy, failure } = actions;
  const base = { ...entryValues(entry), version: null };
  const values: TicketValues = edited.draft ?? base;
  const refusal = useRefusal(entry);
  const id = `create-${entry.requestId}`;
  return (
    <TicketForm
      id={id}
      label="Edit this ticket before it is sent"
      names={createFieldNames}
      values={values}
      onType={(name, value) =>
        edited.set(typedOver(edited.draft && { ...edited.draft, base }, base, { name, value }))
      }
      onSubmit={() => void actions.save(values).then((saved) => saved && onLeave())}
      onLeave={onLeave}
      blocked={blocked}
      focus={useMemo(() => ({ name: 'title' }), [])}
      failure={failure ?? refusal}
      draft={edited}
    >
      <TicketFormButtons
        form={id}
        draft={edited}
        submitLabel="Save and send"
        disabled={busy || blocked !== null}
      >
        <SmallButton onClick={onLeave}>Leave</SmallButton>
      </TicketFormButtons>
    </TicketForm>
  );
}

/** Why the service has refused it, where that is about one field; the rest stands above the form already. */
function useRefusal({ lastError, lastErrorField }: OutboxEntry) {
  return useMemo(
    () =>
      lastError !== null && isOneOf(createFieldNames, lastErrorField)
        ? { code: 'BAD_USER_INPUT', message: lastError, field: lastErrorField }
        : null,
    [lastError, lastErrorField],
  );
}
