/** One comment as it was stored, with what its author may still do to it. */
import { useApolloClient } from '@apollo/client/react';
import { limits } from '../../../proto/checks.ts';
import { kindLabels } from '../../components/CommentBox.tsx';
import { EditComment, useEditComment } from '../../components/EditComment.tsx';
import { Markdown } from '../../components/Markdown.tsx';
import { Problem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { WordButton } from '../../components/SmallButton.tsx';
import {
  type CommentFieldsFragment,
  DeleteCommentDocument,
  EditCommentDocument,
} from '../../graphql/generated/operations.ts';
import { useNameOf } from '../../state/agents.tsx';
import { useAttempt } from '../../state/attempt.ts';
import { useNow } from '../../state/clock.ts';
import { useBlocked, useLink } from '../../state/live.tsx';
import { offerUndo } from '../../state/undo.ts';

interface CommentItemProps {
  comment: CommentFieldsFragment;
  /** It is the person's own. */
  isOwn: boolean;
  /** Reads the comments anew. */
  onChanged(): void;
}

export function CommentItem({ comment, isOwn, onChanged }: CommentItemProps) {
  const client = useApolloClient();
  const blocked = useBlocked();
  const { failure, run } = useAttempt();
  const mayChange = useMayChange(comment) && isOwn;
  const { id, requestId, author, kind, createdAt, editedAt, body } = comment;
  const name = useNameOf()(author);

  const write = async (body: string) => {
    await client.mutate({ mutation: EditCommentDocument, variables: { input: { id, body } } });
    onChanged();
  };
  const { service } = useLink();
  const edit = useEditComment(requestId ?? `${id}@${service}`, (text) => run(() => write(text)));
  const remove = () =>
    run(async () => {
      await client.mutate({ mutation: DeleteCommentDocument, variables: { input: { id } } });
      onChanged();
      offerUndo({ text: `Your ${kindLabels[kind].toLowerCase()} was deleted.`, undo: () => write(body) });
    });

  const look = { className: 'p-0 d-print-none', disabled: blocked !== null, title: blocked ?? '' };
  return (
    <article
      className={`comment comment-${kind.toLowerCase()}`}
      aria-label={`${kindLabels[kind]} by ${name}`}
    >
      <header className="d-flex flex-wrap align-items-baseline gap-2 small">
        <span className="fw-semibold" dir="auto">
          {name}
        </span>
        <span className="text-body-secondary">{kindLabels[kind].toLowerCase()}</span>
        <span className="ms-auto text-body-secondary">
          {editedAt && 'edited · '}
          <RelativeTime at={createdAt} />
        </span>
        {mayChange && edit.text === null && (
          <>
            <WordButton {...look} onClick={() => edit.begin(body)}>
              Edit
            </WordButton>
            <WordButton {...look} onClick={() => void remove()}>
              Delete
            </WordButton>
          </>
        )}
      </header>
      <Problem text={failure?.message} />
      {edit.text === null ? <Markdown text={body} /> : <EditComment edit={edit} body={body} />}
    </article>
  );
}

function useMayChange({ createdAt }: CommentFieldsFragment): boolean {
  const now = useNow(30_000);
  return now - Date.parse(createdAt) < limits.commentEditMinutes * 60_000;
}
