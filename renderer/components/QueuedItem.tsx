/** A comment or change of this ticket that waits on this computer, or came back to its author. */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { type FieldValue, textOf } from '../../proto/field-kinds.ts';
import { fieldNames, fieldOf } from '../../proto/ticket-fields.ts';
import {
  DiscardWriteDocument,
  EditWriteDocument,
  RestoreWriteDocument,
  RetryWriteDocument,
} from '../graphql/generated/operations.ts';
import { useAttempt } from '../state/attempt.ts';
import { isOneOf } from '../state/form-values.ts';
import { type QueuedWrite, useLink } from '../state/live.tsx';
import { valueIn } from '../state/queued.ts';
import { showToast } from '../state/toasts.ts';
import { offerUndo } from '../state/undo.ts';
import { kindLabels } from './CommentBox.tsx';
import { CreateStateMark, useCreateStateWords } from './CreateStateMark.tsx';
import { EditComment } from './EditComment.tsx';
import { FieldWords } from './FieldWords.tsx';
import { Markdown } from './Markdown.tsx';

export function QueuedItem({ write }: { write: QueuedWrite }) {
  const words = useCreateStateWords();
  const { failure, retry, edit, discard } = useQueuedWrite(write);
  const [text, setText] = useState<string | null>(null);
  const { state, comment, changes, lastError, attempts } = write;
  // While the link stands it is gone in a moment.
  const isLinked = useLink().state === 'CONNECTED';
  const isFailed = state === 'FAILED';
  const isClash = isFailed && write.current !== null && changes.length > 0;
  return (
    <article
      className="comment"
      aria-label={comment ? `${kindLabels[comment.kind]} that waits` : 'Change that waits'}
    >
      {text !== null && comment ? (
        <EditComment
          text={text}
          onType={setText}
          onSave={() => void edit(text).then((done) => done && setText(null))}
          onLeave={() => setText(null)}
        />
      ) : (
        comment && <Markdown text={comment.body} />
      )}
      {!comment && !isClash && (
        <ul className="list-unstyled small mb-1">
          {changes.map(({ field, to }) => (
            <li key={field} className="text-break">
              {labelOf(field)} → <ValueWords field={field} value={valueIn(field, to)} />
            </li>
          ))}
        </ul>
      )}
      <p className="small mb-1 d-flex align-items-center gap-1" role="status">
        <span aria-hidden="true">
          <CreateStateMark state={state} />
        </span>
        {isFailed ? lastError : `${words[state]}, not sent yet`}
      </p>
      {isClash && <Clash write={write} onChoose={(keep) => void retry(keep)} />}
      {failure && (
        <Alert variant="danger" className="py-2 px-3 small">
          {failure.message}
        </Alert>
      )}
      {(isFailed || !isLinked) && text === null && (
        <div className="d-flex flex-wrap gap-2">
          {isFailed && !isClash && <Action label="Try again" onClick={() => void retry()} />}
          {comment && (isFailed || attempts === 0) && (
            <Action label="Edit" onClick={() => setText(comment.body)} />
          )}
          {comment && <Action label="Copy" onClick={() => void copy(comment.body)} />}
          <Action label="Discard" onClick={() => void discard()} />
        </div>
      )}
    </article>
  );
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

function Action({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button size="sm" variant="outline-secondary" onClick={onClick}>
      {label}
    </Button>
  );
}

function labelOf(field: string): string {
  return isOneOf(fieldNames, field) ? fieldOf(field).label : field;
}

/** Somebody changed the same fields meanwhile: both values side by side, mine or theirs. */
function Clash({ write, onChoose }: { write: QueuedWrite; onChoose(keep: string[]): void }) {
  const [chosen, setChosen] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>({});
  const current: Readonly<Record<string, unknown>> = { ...write.current };
  const open = write.changes.find(({ field }) => chosen[field] === undefined);
  return (
    <Form
      aria-label="Choose between two versions"
      className="mb-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!open)
          onChoose(write.changes.map(({ field }) => field).filter((field) => chosen[field] === 'mine'));
      }}
    >
      {write.changes.map(({ field, to }) => (
        <fieldset key={field} className="mb-2">
          <legend className="small fw-semibold mb-1">{labelOf(field)}</legend>
          {(['mine', 'theirs'] as const).map((side) => (
            <Form.Check
              key={side}
              type="radio"
              name={`${write.requestId}-${field}`}
              id={`${write.requestId}-${field}-${side}`}
              checked={chosen[field] === side}
              onChange={() => setChosen((before) => ({ ...before, [field]: side }))}
              label={
                <>
                  {side === 'mine' ? 'Mine' : 'Theirs'}:{' '}
                  <ValueWords field={field} value={side === 'mine' ? valueIn(field, to) : current[field]} />
                </>
              }
            />
          ))}
        </fieldset>
      ))}
      <Button
        type="submit"
        size="sm"
        disabled={open !== undefined}
        title={open ? `Choose mine or theirs for ${labelOf(open.field)} first.` : ''}
      >
        Save what I chose
      </Button>
    </Form>
  );
}

/** As the ticket itself shows it. */
function ValueWords({ field, value }: { field: string; value: unknown }) {
  const isKnown = isOneOf(fieldNames, field) && value !== undefined && textOf(value as FieldValue) !== '';
  return isKnown ? <FieldWords name={field} value={value as FieldValue} /> : <em>empty</em>;
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
    edit: (body: string) =>
      run(() => client.mutate({ mutation: EditWriteDocument, variables: { input: { requestId, body } } })),
    discard,
  };
}
