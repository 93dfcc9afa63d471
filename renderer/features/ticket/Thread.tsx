/** What was said and done about a ticket, in order, the newest in sight. */
import { useLayoutEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { kindLabels } from '../../components/CommentBox.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { QueuedItem } from '../../components/QueuedItem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { useLink } from '../../state/live.tsx';
import { ChangesItem } from './ChangesItem.tsx';
import { CommentItem } from './CommentItem.tsx';
import { type Thread as ThreadState, useQueuedWrites, useThread } from './use-thread.ts';

export function Thread({ id }: { id: number }) {
  const thread = useThread(id);
  const isLinked = useLink().state === 'CONNECTED';
  const waiting = useQueuedWrites(id, thread.comments);
  const { me, items, hasEarlier, loaded, failure } = thread;
  const section = useNewestInSight(loaded, items.length + waiting.length);
  return (
    <section ref={section} aria-label="Comments and changes" className="thread border-top mt-4 pt-3">
      <Arrival comments={thread.comments} me={me} loaded={loaded} />
      {!loaded && !failure && <Skeleton rows={2} />}
      {failure && isLinked && <ErrorState message={failure.message} onRetry={thread.readAgain} />}
      {failure && !isLinked && !loaded && (
        <p className="small text-body-secondary">
          What was said and done here was not read before: it comes with the link.
        </p>
      )}
      {hasEarlier && (
        <Button size="sm" variant="link" className="px-0 mb-2" onClick={thread.readEarlier}>
          Show earlier ones
        </Button>
      )}
      {items.map((item) =>
        item.kind === 'changes' ? (
          <ChangesItem key={item.key} item={item} />
        ) : (
          <CommentItem
            key={item.key}
            comment={item.comment}
            isOwn={me !== null && item.comment.author?.id === me}
            onChanged={thread.readAgain}
          />
        ),
      )}
      {waiting.map((write) => (
        <QueuedItem key={write.requestId} write={write} />
      ))}
    </section>
  );
}

/** Begins at the newest, and follows it as long as the person has not scrolled away from it. */
function useNewestInSight(loaded: boolean, count: number) {
  const section = useRef<HTMLElement>(null);
  const wasAtEnd = useRef(true);
  useLayoutEffect(() => {
    const body = section.current?.closest('.panel-body');
    if (!body || !loaded) return;
    if (wasAtEnd.current && count > 0) body.scrollTop = body.scrollHeight;
    const look = () => {
      wasAtEnd.current = body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    };
    body.addEventListener('scroll', look, { passive: true });
    return () => body.removeEventListener('scroll', look);
  }, [loaded, count]);
  return section;
}

/** Says of what somebody else writes meanwhile that it is there; it is for the reader to read it when they choose. */
function Arrival({ comments, me, loaded }: Pick<ThreadState, 'comments' | 'me' | 'loaded'>) {
  const last = comments.at(-1);
  const first = useRef<{ last: string | undefined } | null>(null);
  if (loaded) first.current ??= { last: last?.id };
  const isNew = last !== undefined && loaded && first.current?.last !== last.id && last.author?.id !== me;
  return (
    <p role="status" className="visually-hidden">
      {isNew && `New ${kindLabels[last.kind].toLowerCase()} by ${last.author?.name ?? 'unknown'}`}
    </p>
  );
}
