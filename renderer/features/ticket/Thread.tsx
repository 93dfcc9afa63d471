/** What was said and done about a ticket, in order, the newest in sight. */
import Button from 'react-bootstrap/Button';
import { ErrorState } from '../../components/ErrorState.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { useLink } from '../../state/live.tsx';
import { CommentItem } from './CommentItem.tsx';
import { QueuedItem } from './QueuedItem.tsx';
import { useQueuedWrites, useThread } from './use-thread.ts';
import './thread.css';

export function Thread({ id }: { id: number }) {
  const thread = useThread(id);
  const isLinked = useLink().state === 'CONNECTED';
  const waiting = useQueuedWrites(id, thread.comments);
  const { comments, hasEarlier, loaded, failure } = thread;
  return (
    <section aria-label="Comments and changes" className="thread border-top mt-4 pt-3">
      {!loaded && !failure && <Skeleton rows={2} />}
      {failure && isLinked && <ErrorState message={failure.message} onRetry={thread.readAgain} />}
      {failure && !isLinked && (
        <p className="small text-body-secondary">
          What was said about this ticket was not read before: it is here when the link is back.
        </p>
      )}
      {hasEarlier && (
        <Button size="sm" variant="link" className="px-0" onClick={thread.readEarlier}>
          Show earlier ones
        </Button>
      )}
      {comments.map((comment) => (
        <CommentItem key={comment.id} comment={comment} isOwn={true} onChanged={thread.readAgain} />
      ))}
      {waiting.map((write) => (
        <QueuedItem key={write.requestId} write={write} />
      ))}
    </section>
  );
}
