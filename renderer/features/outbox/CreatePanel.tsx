/** A create on its way: its text, its true state, and what can be done. Becomes the ticket in the same place. */
import { useEffect, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import { createFieldNames, factNames } from '../../../proto/ticket-fields.ts';
import { CommentBox } from '../../components/CommentBox.tsx';
import { CreateStateMark, useCreateStateWords } from '../../components/CreateStateMark.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { QueuedItem } from '../../components/QueuedItem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { TicketReading } from '../../components/TicketReading.tsx';
import { useNow } from '../../state/clock.ts';
import { useCommand } from '../../state/commands.ts';
import { filedCommandIds, storedCommandIds } from '../../state/field-commands.ts';
import { entryValues, isOneOf } from '../../state/form-values.ts';
import { type OutboxEntry, useBlockedBy, useOutbox } from '../../state/live.tsx';
import { useNavigation, useTakenCommand } from '../../state/navigation.tsx';
import { useQueuedOfCreate } from '../../state/queued.ts';
import { ConflictingTicket } from './ConflictingTicket.tsx';
import { CreateControls } from './CreateControls.tsx';
import { CreateForm } from './CreateForm.tsx';
import { useCreateActions } from './use-create-actions.ts';
import { useOutcome } from './use-outcome.ts';
import { errorWords, isEditable, tryWords } from './words.ts';

const createFactNames = factNames.filter((name) => isOneOf(createFieldNames, name));

const sentMeanwhile =
  'It was sent meanwhile, as it was. What you type is kept: leave the form to go on with it in the ticket.';

const headings: Record<OutboxEntry['state'], string> = {
  QUEUED: 'Not sent yet',
  SENT: 'On its way',
  STORED: 'Stored',
  FAILED: 'Needs a change',
};

export function CreatePanel({ requestId }: { requestId: string }) {
  const { open } = useNavigation();
  const outcome = useOutcome(requestId);
  const { entries } = useOutbox();
  const [editing, setEditing] = useState<Editing>('not-yet');
  const waiting = entries.find((other) => other.requestId === requestId);
  const [last, setLast] = useState(waiting);
  if (waiting && waiting !== last) setLast(waiting);
  // Whoever types in its form stays there until they leave it.
  const isHeld = !waiting && editing === 'editing';
  const entry = isHeld ? last : waiting;
  const id = typeof outcome === 'object' ? outcome.id : null;
  // Another text had its requestId, so it goes on under a new one; the ticket of the old one is not its own.
  const ownId = entries.findLast(({ conflict }) => conflict?.requestId === requestId)?.requestId;
  const isElsewhere = !entry && ownId !== undefined;
  useEffect(() => {
    if (isHeld) return;
    if (isElsewhere) open({ kind: 'create', requestId: ownId });
    else if (id !== null) open({ kind: 'ticket', id });
  }, [id, isHeld, isElsewhere, ownId, open]);

  return (
    <PanelFrame
      title={entry ? headings[entry.state] : 'Ticket'}
      footer={entry && <CommentBox id={null} requestId={requestId} />}
    >
      {entry && <WaitingCreate {...{ entry, isHeld, editing, setEditing }} />}
      {outcome === 'unknown' && (
        <EmptyState title="Not here any more" text="It was discarded, or became a ticket a while ago." />
      )}
    </PanelFrame>
  );
}

type Editing = 'not-yet' | 'editing' | 'left';

interface WaitingProps {
  entry: OutboxEntry;
  /** It has left the outbox while its form was open. */
  isHeld: boolean;
  editing: Editing;
  setEditing(editing: Editing): void;
}

function WaitingCreate({ entry, isHeld, editing, setEditing }: WaitingProps) {
  const { back } = useNavigation();
  const actions = useCreateActions(entry);
  const queued = useQueuedOfCreate(entry.requestId);
  const [asked, setAsked] = useState(0);
  const unsent = isEditable(entry);
  const edit = () => setEditing('editing');
  const can = unsent
    ? {}
    : { enabled: false, disabledReason: 'It was sent: it can be changed once it has its number.' };
  useCommand('edit-ticket', edit, can);
  useCommand(filedCommandIds, edit, can);
  useCommand(storedCommandIds, () => {}, {
    enabled: false,
    disabledReason: 'It was not stored yet: this can be set once it has its number.',
  });
  useCommand('delete-ticket', () => setAsked((before) => before + 1));
  useTakenCommand();
  return (
    <>
      {isHeld ? (
        <Alert variant="info" role="status" className="py-2 px-3 small">
          {sentMeanwhile}
        </Alert>
      ) : (
        <CreateStanding entry={entry} />
      )}
      {editing === 'editing' ? (
        <CreateForm
          entry={entry}
          actions={actions}
          blocked={isHeld ? sentMeanwhile : null}
          onLeave={() => setEditing('left')}
        />
      ) : (
        <>
          <div className="mb-3">
            <CreateControls
              key={asked}
              asksFirst={asked > 0}
              entry={entry}
              actions={actions}
              focusEdit={editing === 'left'}
              onEdit={() => setEditing('editing')}
              onDiscarded={back}
            />
          </div>
          {actions.edited.draft && <p className="small">Your unsaved change to it is kept; Edit shows it.</p>}
          <TicketReading
            values={entryValues(entry)}
            told={createFactNames}
            facts={
              <>
                {' · filed '}
                <RelativeTime at={entry.createdAt} sentence />
              </>
            }
          />
          {entry.conflict && <ConflictingTicket id={entry.conflict.ticketId} />}
          {queued.map((write) => (
            <QueuedItem key={write.requestId} write={write} />
          ))}
        </>
      )}
    </>
  );
}

/** The state in words, and when something happens next. */
function CreateStanding({ entry }: { entry: OutboxEntry }) {
  const words = useCreateStateWords();
  const isBlocked = useBlockedBy() !== null;
  const error = errorWords(entry, isBlocked);
  const nowMs = useNow(1_000);
  const failed = entry.state === 'FAILED';
  return (
    // Only a failure is for the person to hear at once; the rest counts down to the next try.
    <Alert
      key={failed ? 'failed' : 'waits'}
      variant={failed ? 'danger' : 'secondary'}
      role={failed ? 'alert' : 'note'}
      className="py-2 px-3 small"
    >
      <span aria-hidden="true">
        <CreateStateMark state={entry.state} />
      </span>{' '}
      <span className="fw-semibold">{words[entry.state]}</span>
      {error && <div className="mt-1 text-break">{error}</div>}
      {!failed && <div className="text-body-secondary mt-1">{tryWords(entry, { isBlocked, nowMs })}</div>}
    </Alert>
  );
}
