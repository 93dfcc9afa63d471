import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { uuidv7 } from 'uuidv7';
import {
  createFieldNames,
  type FieldName,
  type TicketValues,
  ticketValues,
} from '../../../proto/ticket-fields.ts';
import { quoted } from '../../../proto/visible-text.ts';
import { CreateTicketDocument } from '../../graphql/generated/operations.ts';
import { useOutboxPlace } from '../../state/boot.tsx';
import { type Draft, type NewTicketDraft, useDiscardDraft, useDraft } from '../../state/drafts.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { type FoundCreate, findCreate } from '../../state/find-create.ts';
import { areSame } from '../../state/form-values.ts';
import { focusList, useNavigation } from '../../state/navigation.tsx';
import { noteOwnChange } from '../../state/own-changes.ts';
import { rememberRequester } from '../../state/requesters.ts';
import { showToast } from '../../state/toasts.ts';
import { type FilingPorts, fileDraft } from './filing.ts';

const blank = ticketValues({});

/** How long the form waits for what became of an earlier press, before it files what may be the same once more (ms). */
const patienceMs = 2_000;

function editedSince({ id }: FoundCreate): Failure {
  const ticket = id === null ? 'it waits in the outbox' : `it is #${id}`;
  return {
    code: 'CONFLICT',
    message: `An earlier press has filed this ticket as it was then: ${ticket}. What you typed since is kept here: copy it over, or file it as one more ticket.`,
    ...(id !== null && { ticketId: id }),
  };
}

/** The form's whole life: typing, checking, filing once, and discarding with undo. */
export function useNewTicket() {
  const stored = useDraft('new-ticket');
  const { back } = useNavigation();
  const discardDraft = useDiscardDraft();
  const values: TicketValues = stored.draft ?? blank;
  const filing = useFiling(stored);

  const type = (name: FieldName, value: string) => {
    // What is being filed stays as it was sent; it takes milliseconds.
    if (filing.busy) return;
    // The requestId is made with the first keystroke and lasts until the ticket is filed.
    const begun = stored.draft ?? { ...blank, requestId: uuidv7(), sent: false };
    const next = { ...begun, [name]: value };
    // Emptied by hand is discarded, unless it was sent and may have been filed.
    stored.set(areSame(createFieldNames, next, blank) && !next.sent ? null : next);
  };
  const discard = () => {
    discardDraft();
    back();
  };
  return { stored, values, filing, type, discard };
}

/** Files the draft once, then gives its place to what it became. */
function useFiling(stored: Draft<NewTicketDraft>) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const inFlight = useRef(false);
  const isHere = useIsHere();
  const { back, open } = useNavigation();
  const place = useOutboxPlace();
  const ports = useFilingPorts(stored);

  const settle = (draft: NewTicketDraft, filed: FoundCreate) => {
    if (filed.text === 'other') return setFailure(editedSince(filed));
    rememberRequester(draft.name);
    showToast({ text: `${quoted(draft.title.trim())} is saved on ${place}.` });
    if (!isHere()) return;
    back();
    open({ kind: 'create', requestId: draft.requestId });
    focusList();
  };
  const file = async () => {
    const { draft } = stored;
    // A ref, because a double click comes before the next render.
    if (inFlight.current || !draft) return;
    inFlight.current = true;
    setBusy(true);
    setFailure(null);
    try {
      settle(draft, await fileDraft(draft, ports));
    } catch (thrown) {
      setFailure(readFailure(thrown));
    } finally {
      inFlight.current = false;
      setBusy(false);
    }
  };
  return { busy, failure, file };
}

/** Whether the form is still on the screen: who left it with Esc is not pulled back. */
function useIsHere(): () => boolean {
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return () => here.current;
}

function useFilingPorts(stored: Draft<NewTicketDraft>): FilingPorts {
  const client = useApolloClient();
  return {
    async create(input) {
      noteOwnChange({ requestId: input.requestId });
      await client.mutate({ mutation: CreateTicketDocument, variables: { input } });
    },
    findCreate: (requestId, text) =>
      findCreate(client, { requestId, text, signal: AbortSignal.timeout(patienceMs) }),
    latest: stored.latest,
    async keep(draft) {
      stored.set(draft);
      await stored.flush();
    },
  };
}
