/** Files a draft so that it becomes one ticket, however often it is pressed and whatever breaks in between. */
import { uuidv7 } from 'uuidv7';
import { createFieldNames, type FiledValues } from '../../../proto/ticket-fields.ts';
import type { NewTicketDraft } from '../../state/drafts.ts';
import { readFailure } from '../../state/failure.ts';
import { type FoundCreate, otherCreate } from '../../state/find-create.ts';
import { areSame, valuesToFile } from '../../state/form-values.ts';

export interface FilingPorts {
  create(input: FiledValues & { requestId: string }): Promise<void>;
  /** Whether the create has arrived, and with this text; null when it has not, or nobody can tell. */
  findCreate(requestId: string, text: FiledValues): Promise<FoundCreate | null>;
  /** The draft as it is now: another window of the desk may have changed it. */
  latest(): NewTicketDraft | null;
  /** Keeps the draft, or none; resolves when that is on disk. */
  keep(draft: NewTicketDraft | null): Promise<void>;
}

/**
 * Answers once the create is on disk behind the proxy; the draft is gone then, but for what was typed since in another
 * window. When its requestId was filed with another text before, as by an earlier press whose answer was lost, nothing
 * is filed, and the draft stays as one of its own.
 * @throws what `create` threw; the draft stays, and the next call finds out what became of this one.
 */
export async function fileDraft(draft: NewTicketDraft, ports: FilingPorts): Promise<FoundCreate> {
  const text = valuesToFile(draft);
  const earlier = draft.sent ? await ports.findCreate(draft.requestId, text) : null;
  const filed = earlier ?? (await send(draft, text, ports));
  const latest = ports.latest();
  const isFiled = filed.text === 'same' && (latest === null || areSame(createFieldNames, latest, draft));
  await ports.keep(isFiled ? null : { ...(latest ?? draft), requestId: uuidv7(), sent: false });
  return filed;
}

async function send(draft: NewTicketDraft, text: FiledValues, ports: FilingPorts): Promise<FoundCreate> {
  // On disk before it is sent: after a crash the text could be edited and sent as the same create.
  await ports.keep({ ...draft, sent: true });
  try {
    await ports.create({ ...text, requestId: draft.requestId });
    return { text: 'same', id: null };
  } catch (error) {
    const other = otherCreate(error);
    if (other) return other;
    // An answer, even a refusal, says that it has not arrived; silence says nothing.
    if (readFailure(error).code !== 'UNREACHABLE')
      await ports.keep({ ...(ports.latest() ?? draft), sent: false });
    throw error;
  }
}
