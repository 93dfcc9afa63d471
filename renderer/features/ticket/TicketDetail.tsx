/** A ticket that is there: read it, set its status, edit it in place, delete it. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Dropdown from 'react-bootstrap/Dropdown';
import { editAtOnceNames, editTextNames } from '../../../proto/ticket-fields.ts';
import { CommentBox } from '../../components/CommentBox.tsx';
import { FieldChooser } from '../../components/FieldChooser.tsx';
import { KeyHint, keysOfControl } from '../../components/Kbd.tsx';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { Problem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { TicketReading } from '../../components/TicketReading.tsx';
import type { TicketDetailFragment } from '../../graphql/generated/operations.ts';
import { useTimeWords } from '../../state/clock.ts';
import { useCommand } from '../../state/commands.ts';
import { useTicketDeletion } from '../../state/delete-ticket.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { isOneOf } from '../../state/form-values.ts';
import { useBlocked, useUnkept } from '../../state/live.tsx';
import { useAskMe } from '../../state/me.ts';
import { focusList, useTakenCommand } from '../../state/navigation.tsx';
import { clockTime } from '../../state/relative-time.ts';
import { ClashView } from './ClashView.tsx';
import { EditForm, EditFormButtons } from './EditForm.tsx';
import { ReportPresence } from './ReportPresence.tsx';
import { Thread } from './Thread.tsx';
import { type TicketEdit, useTicketEdit } from './use-ticket-edit.ts';

export interface TicketDetailProps {
  ticket: TicketDetailFragment;
  id: number;
  /** Of a ticket that somebody else has deleted: what is shown of it, once nobody types in its form any more. */
  gone?: ReactNode;
}

export function TicketDetail({ ticket, id, gone = null }: TicketDetailProps) {
  const edit = useTicketEdit(ticket, id);
  if (gone !== null && edit.mode !== 'edit') return gone;
  return <Detail {...{ ticket, id, edit, isGone: gone !== null }} />;
}

interface DetailProps {
  ticket: TicketDetailFragment;
  id: number;
  edit: TicketEdit;
  isGone: boolean;
}

function Detail({ ticket, id, edit, isGone }: DetailProps) {
  const whyGone = isGone
    ? `#${id} was deleted. What you type is kept: leave the form to bring it back.`
    : null;
  const [unkept, offline] = [useUnkept(), useBlocked()];
  const [blocked, unlinked] = [whyGone ?? unkept, whyGone ?? offline];
  const assignToMe = useAssignToMe(edit);
  const { failure, remove } = useDelete(id);
  const can = blocked === null ? {} : { enabled: false, disabledReason: blocked };
  useFocusBack(edit);
  const begin = () => edit.edit('title');
  const toChoose = { enabled: false, disabledReason: 'Choose between the two versions first.' };
  useCommand('edit-ticket', begin, edit.mode === 'clash' ? toChoose : can);
  useCommand('delete-ticket', () => void remove(), {
    enabled: unlinked === null,
    disabledReason: unlinked,
  });
  useCommand('assign-to-me', () => void assignToMe(), can);
  useTakenCommand();
  const error = failure ?? (edit.mode === 'view' ? edit.failure : null);

  return (
    <PanelFrame
      title={`#${id}`}
      facts={editAtOnceNames.map((name) => (
        <FieldChooser
          key={name}
          name={name}
          values={edit.now}
          blocked={blocked}
          onChoose={(value) => edit.setField(name, value)}
          onLeave={() => edit.mode === 'view' && focusList()}
        />
      ))}
      actions={
        <>
          {edit.mode === 'view' && (
            <SmallButton disabled={blocked !== null} title={blocked ?? 'Edit (e)'} onClick={begin}>
              Edit
            </SmallButton>
          )}
          <MoreActions blocked={unlinked} onDelete={() => void remove()} />
        </>
      }
      footer={
        edit.mode === 'edit' ? (
          <EditFormButtons id={id} edit={edit} blocked={blocked} />
        ) : (
          <CommentBox id={id} requestId={ticket.requestId ?? null} />
        )
      }
    >
      {blocked && (
        <p role={isGone ? 'status' : undefined} className="small text-body-secondary mb-2">
          {blocked}
        </p>
      )}
      <Problem text={error?.message} />
      {edit.mode === 'clash' && edit.clash && <ClashView clash={edit.clash} edit={edit} blocked={blocked} />}
      {edit.mode === 'edit' && <EditForm edit={edit} blocked={blocked} />}
      {edit.mode === 'view' && <TicketView ticket={ticket} edit={edit} blocked={blocked} />}
      {edit.mode !== 'clash' && <Thread id={id} />}
      <ReportPresence id={id} requestId={ticket.requestId ?? null} draft={edit.stored.draft} />
    </PanelFrame>
  );
}

/** What is rarely done, and not to be done by a slip of the pointer. */
function MoreActions({ blocked, onDelete }: { blocked: string | null; onDelete(): void }) {
  return (
    <Dropdown align="end">
      <Dropdown.Toggle
        size="sm"
        variant="outline-secondary"
        className="no-caret"
        aria-label="More"
        title="More"
      >
        <span aria-hidden="true">…</span>
      </Dropdown.Toggle>
      <Dropdown.Menu>
        <Dropdown.Item
          as="button"
          type="button"
          disabled={blocked !== null}
          title={blocked ?? 'With 10 s to undo'}
          className="d-flex gap-4"
          onClick={onDelete}
          {...keysOfControl('Delete')}
        >
          Delete <KeyHint keys="Delete" />
        </Dropdown.Item>
      </Dropdown.Menu>
    </Dropdown>
  );
}

function useDelete(id: number) {
  const { remove } = useTicketDeletion();
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    failure,
    async remove() {
      setFailure(null);
      await remove(id).catch((thrown) => setFailure(readFailure(thrown)));
    },
  };
}

function useAssignToMe({ setField }: TicketEdit): () => Promise<void> {
  const ask = useAskMe();
  return async () => {
    const me = await ask();
    if (me) setField('assigneeId', me.id);
  };
}

/** Leaving a form, or losing a button, must not leave the focus nowhere: work goes on in the list. */
function useFocusBack({ mode, stored }: TicketEdit) {
  const unsaved = stored.draft !== null;
  const was = useRef({ mode, unsaved });
  useEffect(() => {
    const left = was.current.mode !== 'view' || was.current.unsaved !== unsaved;
    was.current = { mode, unsaved };
    if (mode === 'view' && left && document.activeElement === document.body) focusList();
  }, [mode, unsaved]);
}

interface TicketViewProps {
  ticket: TicketDetailFragment;
  edit: TicketEdit;
  blocked: string | null;
}

function TicketView({ ticket, edit, blocked }: TicketViewProps) {
  const unsaved = edit.stored.draft !== null && !edit.saving;
  return (
    <>
      {unsaved && (
        <Alert variant="secondary" className="py-2 px-3 small d-flex flex-wrap align-items-center gap-2">
          <span className="me-auto">Unsaved change, kept on this computer.</span>
          <SmallButton
            disabled={blocked !== null}
            title={blocked ?? 'Go on editing (e)'}
            onClick={() => edit.edit('title')}
          >
            Go on editing
          </SmallButton>
          <SmallButton onClick={edit.discard}>Discard</SmallButton>
        </Alert>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the Edit button and `e` do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div
        className={blocked === null ? 'ticket-editable' : undefined}
        onClick={(event) => {
          const part = (event.target as Element).closest<HTMLElement>('[data-field]')?.dataset.field;
          // Text that is being selected to be copied is not meant to be edited.
          const selecting = getSelection()?.isCollapsed === false;
          if (blocked === null && !selecting && isOneOf(editTextNames, part)) edit.edit(part);
        }}
      >
        <TicketReading values={edit.now} facts={<Facts ticket={ticket} />} />
      </div>
    </>
  );
}

function Facts({ ticket }: { ticket: TicketDetailFragment }) {
  const { createdAt, updatedAt, version, asOf } = ticket;
  const asOfTime = useTimeWords((nowMs) => (asOf === null ? '' : clockTime(Date.parse(asOf), nowMs)));
  return (
    <>
      {createdAt && (
        <>
          {' · filed '}
          <RelativeTime at={createdAt} sentence />
        </>
      )}
      {updatedAt && version !== 1 && (
        <>
          {' · updated '}
          <RelativeTime at={updatedAt} sentence />
        </>
      )}
      {asOf && (
        <>
          {' · '}
          <strong className="text-warning-emphasis">as of {asOfTime}</strong>
        </>
      )}
    </>
  );
}
