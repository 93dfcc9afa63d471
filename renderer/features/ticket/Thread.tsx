/** What was said and done about a ticket, in order, what was said last in sight. */
import { useLayoutEffect, useRef } from 'react';
import { kindLabels } from '../../components/CommentBox.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { QueuedItem } from '../../components/QueuedItem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { WordButton } from '../../components/SmallButton.tsx';
import { useNameOf } from '../../state/agents.tsx';
import { useLink } from '../../state/live.tsx';
import { ChangesItem } from './ChangesItem.tsx';
import { CommentItem } from './CommentItem.tsx';
import { type Thread as ThreadState, useQueuedWrites, useThread } from './use-thread.ts';

export function Thread({ id }: { id: number }) {
  const thread = useThread(id);
  const isLinked = useLink().state === 'CONNECTED';
  const waiting = useQueuedWrites(id, thread.comments);
  const { me, items, hasEarlier, loaded, failure } = thread;
  const section = useNewestInSight({
    loaded,
    count: items.length + waiting.length,
    said: thread.comments.length,
    written: waiting.filter(({ comment }) => comment !== null).length,
  });
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
        <WordButton className="px-0 mb-2" onClick={thread.readEarlier}>
          Show earlier ones
        </WordButton>
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

interface Told {
  loaded: boolean;
  /** Of all that is shown. */
  count: number;
  /** How many comments there are. */
  said: number;
  /** How many comments of the person's own wait. */
  written: number;
}

/**
 * Begins at the newest comment, or at the ticket's own text where nothing was said yet; follows what comes as long as the
 * person has not scrolled away from the end, and what they write themselves.
 */
function useNewestInSight({ loaded, count, said, written }: Told) {
  const section = useRef<HTMLElement>(null);
  const wasAtEnd = useRef(true);
  const before = useRef(written);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each that comes
  useLayoutEffect(() => {
    const body = section.current?.closest('.panel-body');
    if (!body || !loaded) return;
    const look = () => {
      wasAtEnd.current = body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    };
    const wrote = written > before.current;
    before.current = written;
    if (wrote || (wasAtEnd.current && said + written > 0)) body.scrollTop = body.scrollHeight;
    look();
    body.addEventListener('scroll', look, { passive: true });
    return () => body.removeEventListener('scroll', look);
  }, [loaded, count, said, written]);
  return section;
}

/** Says of what is written meanwhile that it is there; what others say is for the reader to read when they choose. */
function Arrival({ comments, me, loaded }: Pick<ThreadState, 'comments' | 'me' | 'loaded'>) {
  const nameOf = useNameOf();
  const last = comments.at(-1);
  const first = useRef<{ last: string | undefined } | null>(null);
  if (loaded) first.current ??= { last: last?.id };
  const isNew = last !== undefined && loaded && first.current?.last !== last.id;
  const kind = isNew && kindLabels[last.kind].toLowerCase();
  return (
    <p role="status" className="visually-hidden">
      {isNew && (
        // An element each, so that the same words are said again.
        <span key={last.id}>
          {last.author?.id === me ? `Your ${kind} was added` : `New ${kind} by ${nameOf(last.author)}`}
        </span>
      )}
    </p>
  );
}
