/** Tells the others who is at a ticket, be it read, written about or edited. Shows nothing. */
import { useEffect, useRef, useState } from 'react';
import { type EditDraft, useCommentDraft } from '../../state/drafts.ts';
import { useReportPresence } from '../../state/presence.ts';

/** How long after the last key somebody still counts as typing. */
const typingMs = 5_000;

interface ReportPresenceProps {
  id: number;
  requestId: string | null;
  /** Of the ticket's own text. */
  draft: EditDraft | null;
}

/** On its own, as each key in the box for comments would else draw the whole ticket anew. */
export function ReportPresence({ id, requestId, draft }: ReportPresenceProps) {
  const comment = useCommentDraft({ id, requestId }).draft?.body;
  const isWriting = useRecent(comment);
  const isEditing = useRecent(draft ?? undefined);
  useReportPresence(id, isWriting || isEditing);
  return null;
}

/** Whether something that is typed has changed just now. */
function useRecent(typed: string | EditDraft | undefined): boolean {
  const first = useRef(typed);
  const [isRecent, setRecent] = useState(false);
  useEffect(() => {
    if (typed === first.current) return;
    first.current = typed;
    setRecent(typed !== undefined);
    const timer = setTimeout(() => setRecent(false), typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return isRecent;
}
