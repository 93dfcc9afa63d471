/** The box to write in: always there, its text kept for each ticket, on disk before it is called saved. */
import { useApolloClient } from '@apollo/client/react';
import { type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import ToggleButton from 'react-bootstrap/ToggleButton';
import ToggleButtonGroup from 'react-bootstrap/ToggleButtonGroup';
import { uuidv7 } from 'uuidv7';
import { commentRule, textProblem } from '../../proto/checks.ts';
import { AddCommentDocument, type CommentKind } from '../graphql/generated/operations.ts';
import { useCommand } from '../state/commands.ts';
import { type CommentDraft, useCommentDraft } from '../state/drafts.ts';
import { type Failure, readFailure } from '../state/failure.ts';
import { charactersLeft } from '../state/form-values.ts';
import { useUnkept } from '../state/live.tsx';
import { counted } from '../state/locale.ts';
import { focusList } from '../state/navigation.tsx';
import { withKey } from './Kbd.tsx';
import { PresenceWords } from './PresenceWords.tsx';
import { Problem } from './Problem.tsx';

export const kindLabels: Record<CommentKind, string> = { ANSWER: 'Answer', NOTE: 'Note' };
const hints: Record<CommentKind, string> = {
  ANSWER: 'Answer the requester',
  NOTE: 'Write a note, for the helpdesk alone',
};

export interface CommentBoxProps {
  /** Null while the ticket has no number. */
  id: number | null;
  /** Of the create that becomes the ticket, or became it; null where nobody knows it. */
  requestId: string | null;
}

export function CommentBox({ id, requestId }: CommentBoxProps) {
  const { draft, set, latest, flush } = useCommentDraft({ id, requestId });
  const client = useApolloClient();
  const unkept = useUnkept();
  const field = useRef<HTMLTextAreaElement>(null);
  const [lastKind, setLastKind] = useState<CommentKind>('NOTE');
  const [failure, setFailure] = useState<Failure | null>(null);
  const sending = useRef(false);
  const hintId = useId();
  const kind = draft?.kind ?? lastKind;
  const body = draft?.body ?? '';
  const problem = textProblem(body, commentRule);

  function write(change: { kind?: CommentKind; body?: string }): void {
    const next = { kind, body, requestId: draft?.requestId ?? uuidv7(), ...change };
    setLastKind(next.kind);
    set(next.body === '' ? null : next);
  }
  function begin(as: CommentKind): void {
    write({ kind: as });
    field.current?.focus();
  }
  useFocusTakenOver(field, requestId ?? id);
  useCommand('comment', () => begin('NOTE'));
  useCommand('answer', () => begin('ANSWER'));

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

  return (
    <Form
      aria-label="Write about this ticket"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Problem text={failure?.message} />
      <div className="d-flex align-items-center gap-2 mb-2">
        <ToggleButtonGroup
          type="radio"
          aria-label="Kind of comment"
          name={`${hintId}-kind`}
          size="sm"
          value={kind}
          onChange={(value: CommentKind) => write({ kind: value })}
        >
          {(['ANSWER', 'NOTE'] as const).map((each) => (
            <ToggleButton
              key={each}
              id={`${hintId}-${each}`}
              value={each}
              variant="outline-secondary"
              // The keys go to the radio button beside it.
              tabIndex={-1}
            >
              {kindLabels[each]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <PresenceWords id={id} />
        <Button
          type="submit"
          size="sm"
          className="ms-auto"
          disabled={problem !== undefined || unkept !== null}
          title={unkept ?? withKey(`Add the ${kindLabels[kind].toLowerCase()}`, 'CmdOrCtrl+Enter')}
        >
          Add
        </Button>
      </div>
      <Form.Control
        as="textarea"
        ref={field}
        dir="auto"
        value={body}
        aria-label={hints[kind]}
        placeholder={`${hints[kind]} …`}
        aria-describedby={hintId}
        isInvalid={problem?.kind === 'too-long'}
        onChange={({ target }) => write({ body: target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send();
          }
          if (event.key === 'Escape') {
            event.stopPropagation();
            focusList();
          }
        }}
      />
      <div id={hintId} className="small text-body-secondary" aria-live="polite">
        <Left body={body} />
      </div>
    </Form>
  );
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

/** Where somebody was writing in a box that is gone. */
let left: { ticket: string | number | null; caret: [number, number] } | null = null;

/** Whoever writes goes on in the next box of the same ticket, as when it is deleted, brought back or has its number. */
function useFocusTakenOver(
  field: RefObject<HTMLTextAreaElement | null>,
  ticket: string | number | null,
): void {
  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    const isNowhere = document.activeElement?.matches('body, .panel-frame, .panel-body');
    if (left && left.ticket === ticket && isNowhere) {
      box.focus({ preventScroll: true });
      box.setSelectionRange(...left.caret);
    }
    left = null;
    return () => {
      if (document.activeElement === box) left = { ticket, caret: [box.selectionStart, box.selectionEnd] };
    };
  }, [field, ticket]);
}

function Left({ body }: { body: string }) {
  const left = charactersLeft(commentRule, body);
  if (left === null) return null;
  return `${counted(Math.abs(left), 'character')} ${left < 0 ? 'too many' : 'left'}`;
}
