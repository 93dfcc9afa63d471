/** A comment that is being written: its draft, kept for each ticket, and what came of adding it. */
import { useApolloClient } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { uuidv7 } from 'uuidv7';
import { commentRule, textProblem } from '../../proto/checks.ts';
import { AddCommentDocument, type CommentKind } from '../graphql/generated/operations.ts';
import { type CommentDraft, useCommentDraft } from '../state/drafts.ts';
import { type Failure, readFailure } from '../state/failure.ts';
import { useUnkept } from '../state/live.tsx';

export function useCommentForm({ id, requestId }: { id: number | null; requestId: string | null }) {
  const { draft, set, latest, flush } = useCommentDraft({ id, requestId });
  const client = useApolloClient();
  const unkept = useUnkept();
  const [lastKind, setLastKind] = useState<CommentKind>('NOTE');
  const [failure, setFailure] = useState<Failure | null>(null);
  const sending = useRef(false);
  const kind = draft?.kind ?? lastKind;
  const body = draft?.body ?? '';
  const problem = textProblem(body, commentRule);

  function write(change: { kind?: CommentKind; body?: string }): void {
    const next = { kind, body, requestId: draft?.requestId ?? uuidv7(), ...change };
    setLastKind(next.kind);
    set(next.body === '' ? null : next);
  }

  async function send(): Promise<void> {
    if (!draft || problem || unkept !== null || sending.current) return;
    sending.current = true;
    setFailure(null);
    try {
      const about = id === null ? { ticketRequestId: requestId } : { ticketId: id };
      await client.mutate({ mutation: AddCommentDocument, variables: { input: { ...draft, ...about } } });
      set(unsent(latest(), draft));
      await flush();
    } catch (thrown) {
      const read = readFailure(thrown);
      const isOther = read.code === 'CONFLICT' && read.field === 'requestId';
      if (isOther) set(anew(latest()));
      setFailure(isOther ? { ...read, message: addedBefore } : read);
    } finally {
      sending.current = false;
    }
  }

  return { kind, body, problem, failure, unkept, write, send };
}

const addedBefore =
  'An earlier press has added this as it was then. What you typed since is kept here: leave what is missing, and add it.';

/** As a comment of its own. */
function anew(draft: CommentDraft | null): CommentDraft | null {
  return draft && { ...draft, requestId: uuidv7() };
}

/** What was typed while the rest was on its way. */
function unsent(now: CommentDraft | null, sent: CommentDraft): CommentDraft | null {
  if (now?.requestId !== sent.requestId) return now;
  const body = now.body.startsWith(sent.body) ? now.body.slice(sent.body.length).trimStart() : now.body;
  return body === '' ? null : anew({ ...now, body });
}
