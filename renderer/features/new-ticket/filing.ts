/** Files a draft so that it becomes one ticket, however often it is pressed and whatever breaks in between. */
import type { NewTicketDraft } from '../../state/drafts.ts';
import { readFailure } from '../../state/failure.ts';
import { sameText, type TicketText } from '../../state/ticket-text.ts';

export interface FilingPorts {
  create(input: TicketText & { requestId: string }): Promise<void>;
  /** The text under which a create has arrived, or null. */
  findCreate(requestId: string): Promise<TicketText | null>;
  /** Keeps the draft; resolves when it is on disk. */
  keep(draft: NewTicketDraft): Promise<void>;
  clear(): void;
}

/** `edited-since`: an earlier press filed it, and the text was changed after that. */
export type Filed = 'filed' | 'edited-since';

/**
 * Answers once the create is on disk behind the proxy, and clears the draft then.
 * @throws what `create` threw; the draft stays, and the next call finds out what became of this one.
 */
export async function fileDraft(draft: NewTicketDraft, ports: FilingPorts): Promise<Filed> {
  if (draft.sent) {
    const arrived = await ports.findCreate(draft.requestId);
    if (arrived && !sameText(arrived, trimmed(draft))) return 'edited-since';
    if (arrived) {
      ports.clear();
      return 'filed';
    }
  }
  // On disk before it is sent: after a crash the text could be edited and sent as the same create.
  await ports.keep({ ...draft, sent: true });
  try {
    await ports.create({ ...trimmed(draft), requestId: draft.requestId });
  } catch (error) {
    // An answer, even a refusal, says that it has not arrived; silence says nothing.
    if (readFailure(error).code !== 'UNREACHABLE') await ports.keep({ ...draft, sent: false });
    throw error;
  }
  ports.clear();
  return 'filed';
}

/** Blanks around a title or a name are never meant. */
function trimmed({ title, description, name }: TicketText): TicketText {
  return { title: title.trim(), description, name: name.trim() };
}
