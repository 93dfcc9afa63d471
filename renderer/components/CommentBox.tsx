/** The box to write in: always there, its text kept for each ticket, on disk before it is called saved. */
import { type RefObject, useId, useLayoutEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import ToggleButton from 'react-bootstrap/ToggleButton';
import ToggleButtonGroup from 'react-bootstrap/ToggleButtonGroup';
import { commentRule } from '../../proto/checks.ts';
import type { CommentKind } from '../graphql/generated/operations.ts';
import { useCommand } from '../state/commands.ts';
import { charactersLeft } from '../state/form-values.ts';
import { counted } from '../state/locale.ts';
import { focusList } from '../state/navigation.tsx';
import { withKey } from './Kbd.tsx';
import { PresenceWords } from './PresenceWords.tsx';
import { Problem } from './Problem.tsx';
import { useCommentForm } from './use-comment-form.ts';

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
  const { kind, body, problem, failure, unkept, write, send } = useCommentForm({ id, requestId });
  const field = useRef<HTMLTextAreaElement>(null);
  const hintId = useId();
  function begin(as: CommentKind): void {
    write({ kind: as });
    field.current?.focus();
  }
  useFocusTakenOver(field, requestId ?? id);
  useCommand('comment', () => begin('NOTE'));
  useCommand('answer', () => begin('ANSWER'));

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
        <KindChoice name={`${hintId}-kind`} kind={kind} onChoose={(kind) => write({ kind })} />
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

function KindChoice(props: { name: string; kind: CommentKind; onChoose(kind: CommentKind): void }) {
  const { name, kind, onChoose } = props;
  return (
    <ToggleButtonGroup
      type="radio"
      aria-label="Kind of comment"
      name={name}
      size="sm"
      value={kind}
      onChange={onChoose}
    >
      {(['ANSWER', 'NOTE'] as const).map((each) => (
        <ToggleButton
          key={each}
          id={`${name}-${each}`}
          value={each}
          variant="outline-secondary"
          // The keys go to the radio button beside it.
          tabIndex={-1}
        >
          {kindLabels[each]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
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
