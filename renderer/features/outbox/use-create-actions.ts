import { useApolloClient } from '@apollo/client/react';
import { createFieldNames, type TicketValues } from '../../../proto/ticket-fields.ts';
import { quoted } from '../../../proto/visible-text.ts';
import {
  DiscardCreateDocument,
  EditCreateDocument,
  RestoreCreateDocument,
  RetryCreateDocument,
} from '../../graphql/generated/operations.ts';
import { useAttempt } from '../../state/attempt.ts';
import { type Draft, type EditDraft, useDraft } from '../../state/drafts.ts';
import { areSame, entryValues, valuesToFile } from '../../state/form-values.ts';
import type { OutboxEntry } from '../../state/live.tsx';
import { noteOwnChange } from '../../state/own-changes.ts';
import { offerUndo } from '../../state/undo.ts';

/** What can be done with one create that waits. Each answers whether it was done; a failure stands in `failure`. */
export function useCreateActions(entry: OutboxEntry) {
  const client = useApolloClient();
  const edited = useEditedCreate(entry);
  const { busy, failure, run } = useAttempt();
  const { requestId, title } = entry;

  return {
    busy,
    failure,
    edited,
    retry: () =>
      run(() => client.mutate({ mutation: RetryCreateDocument, variables: { input: { requestId } } })),
    save: (values: TicketValues) =>
      run(async () => {
        const input = { requestId, ...valuesToFile(values) };
        await client.mutate({ mutation: EditCreateDocument, variables: { input } });
        edited.set(null);
      }),
    discard: () =>
      run(async () => {
        const { draft } = edited;
        noteOwnChange({ requestId });
        await client.mutate({ mutation: DiscardCreateDocument, variables: { input: { requestId } } });
        edited.set(null);
        offerUndo({
          text: `${quoted(title)} was discarded.`,
          async undo() {
            noteOwnChange({ requestId });
            await client.mutate({ mutation: RestoreCreateDocument, variables: { input: { requestId } } });
            if (draft) edited.set(draft);
          },
        });
      }),
  };
}

/** What was typed to change this create, also before it was given a requestId of its own. */
function useEditedCreate(entry: OutboxEntry): Draft<EditDraft> {
  const own = useDraft(`create:${entry.requestId}`);
  const earlier = useDraft(`create:${entry.conflict?.requestId ?? entry.requestId}`);
  const isOfThis =
    earlier.draft !== null && areSame(createFieldNames, earlier.draft.base, entryValues(entry));
  return own.draft === null && isOfThis ? earlier : own;
}

export type CreateActions = ReturnType<typeof useCreateActions>;
