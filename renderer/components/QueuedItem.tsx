/** A comment or change of this ticket that waits on this computer, or came back to its author. */
import { useApolloClient } from '@apollo/client/react';
import { fieldOf } from '../../proto/ticket-fields.ts';
import {
  DiscardWriteDocument,
  EditWriteDocument,
  RestoreWriteDocument,
  RetryWriteDocument,
} from '../graphql/generated/operations.ts';
import { useNameOf } from '../state/agents.tsx';
import { useAttempt } from '../state/attempt.ts';
import { useFace } from '../state/boot.tsx';
import { valuesOf } from '../state/form-values.ts';
import { type QueuedWrite, useLink } from '../state/live.tsx';
import { useMe } from '../state/me.ts';
import { chosenChanges, type Difference } from '../state/merge.ts';
import { changesOf } from '../state/queued.ts';
import { showToast } from '../state/toasts.ts';
import { offerUndo } from '../state/undo.ts';
import { ClashForm } from './ClashForm.tsx';
import { kindLabels } from './CommentBox.tsx';
import { CreateStateMark, useCreateStateWords } from './CreateStateMark.tsx';
import { EditComment, useEditComment } from './EditComment.tsx';
import { ValueWords } from './FieldWords.tsx';
import { Markdown } from './Markdown.tsx';
import { Problem } from './Problem.tsx';
import { SmallButton } from './SmallButton.tsx';

export function QueuedItem({ write }: { write: QueuedWrite }) {
  const words = useCreateStateWords();
  const { failure, retry, save, discard } = useQueuedWrite(write);
  const edit = useEditComment(write.requestId, save);
  const { state, comment, lastError, attempts } = write;
  // While the link stands it is gone in a moment.
  const isLinked = useLink().state === 'CONNECTED';
  const isFailed = state === 'FAILED';
  const clash = clashOf(write);
  const isClash = clash.length > 0;
  const other = useOther(write);
  const isFailedOwn = isFailed && other === null;
  return (
    <article
      className="comment"
      aria-label={comment ? `${kindLabels[comment.kind]} that waits` : 'Change that waits'}
    >
      {other !== null && (
        <p className="small fw-semibold mb-1" dir="auto">
          {other}
        </p>
      )}
      {edit.text !== null && comment ? (
        <EditComment edit={edit} body={comment.body} />
      ) : (
        comment && <Markdown text={comment.body} />
      )}
      {!comment && !isClash && (
        <ul className="list-unstyled small mb-1">
          {changesOf(write).map(({ field, to }) => (
            <li key={field} className="text-break">
              {fieldOf(field).label} → <ValueWords name={field} value={to} />
            </li>
          ))}
        </ul>
      )}
      <p
        className="small mb-1 d-flex align-items-center gap-1"
        role={isFailed || !isLinked ? 'status' : undefined}
      >
        <span aria-hidden="true">
          <CreateStateMark state={state} />
        </span>
        {isFailed ? lastError : `${words[state]}, not sent yet`}
      </p>
      {isClash && other === null && (
        <ClashForm
          found={clash}
          onChoose={(choices) => void retry(Object.keys(chosenChanges(clash, choices)))}
        />
      )}
      <Problem text={failure?.message} />
      {(isFailed || !isLinked) && edit.text === null && (
        <div className="d-flex flex-wrap gap-2">
          {isFailedOwn && !isClash && <SmallButton onClick={() => void retry()}>Try again</SmallButton>}
          {comment && (isFailedOwn || (other === null && attempts === 0)) && (
            <SmallButton onClick={() => edit.begin(comment.body)}>Edit</SmallButton>
          )}
          {comment && <SmallButton onClick={() => void copy(comment.body)}>Copy</SmallButton>}
          <SmallButton onClick={() => void discard()}>Discard</SmallButton>
        </div>
      )}
    </article>
  );
}

/** Whose it is, where that is somebody else: it is seen by everybody on a server, and its author's to change. */
function useOther({ author }: QueuedWrite): string | null {
  const me = useMe();
  const nameOf = useNameOf();
  const isShared = useFace().kind === 'web';
  return isShared && author && me && author.id !== me.id ? nameOf(author) : null;
}

async function copy(text: string): Promise<void> {
  const isDone = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  showToast({
    text: isDone ? 'Copied.' : 'This browser does not let the page copy. Select the text and copy it.',
  });
}

/** Somebody changed the same fields meanwhile. */
function clashOf(write: QueuedWrite): Difference[] {
  if (write.state !== 'FAILED' || !write.current) return [];
  const theirs = valuesOf(write.current);
  return changesOf(write).map(({ field, to }) => ({
    ...{ field, mine: to, theirs: theirs[field], changedBy: 'both' },
  }));
}

/** What can be done with it; a failure stands in `failure`. */
function useQueuedWrite({ requestId }: QueuedWrite) {
  const client = useApolloClient();
  const { failure, run } = useAttempt();
  const discard = () =>
    run(async () => {
      await client.mutate({ mutation: DiscardWriteDocument, variables: { input: { requestId } } });
      offerUndo({
        text: 'Discarded.',
        undo: () => client.mutate({ mutation: RestoreWriteDocument, variables: { input: { requestId } } }),
      });
    });
  return {
    failure,
    // Nothing of mine is left: then it is theirs.
    retry: (keep?: string[]) =>
      keep?.length === 0
        ? discard()
        : run(() =>
            client.mutate({
              mutation: RetryWriteDocument,
              variables: { input: { requestId, ...(keep && { keep }) } },
            }),
          ),
    save: (body: string) =>
      run(() => client.mutate({ mutation: EditWriteDocument, variables: { input: { requestId, body } } })),
    discard,
  };
}
