/** What waits on this computer: since when, why, and when it is tried next. */
import { useId, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import ListGroup from 'react-bootstrap/ListGroup';
import { shownText } from '../../../proto/visible-text.ts';
import { CreateStateMark, useCreateStateWords } from '../../components/CreateStateMark.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { OpenTicket } from '../../components/OpenTicket.tsx';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { QueuedItem } from '../../components/QueuedItem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useOutboxPlace } from '../../state/boot.tsx';
import { useNow } from '../../state/clock.ts';
import { type OutboxEntry, useBlockedBy, useOutbox } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { CreateControls } from './CreateControls.tsx';
import { CreateForm } from './CreateForm.tsx';
import { useCreateActions } from './use-create-actions.ts';
import { errorWords, tryWords } from './words.ts';

export function OutboxPanel() {
  const { entries, writes, waiting, failed, loaded } = useOutbox();
  const place = useOutboxPlace();
  const blockedBy = useBlockedBy();
  const now = useNow(1_000);
  const more = waiting + failed - entries.length - writes.length;
  return (
    <PanelFrame
      takesFocus
      title={
        <>
          Outbox{' '}
          <span className="small fw-normal text-body-secondary">
            {waiting > 0 && `${countText(waiting)} waiting`}
            {waiting > 0 && failed > 0 && ' · '}
            {failed > 0 && `${countText(failed)} can't be sent as they are`}
          </span>
        </>
      }
    >
      {loaded && entries.length + writes.length === 0 && (
        <EmptyState
          title="Nothing waits"
          text={`Everything filed, written and changed on ${place} has been stored. What is done while offline waits here and is sent by itself.`}
        />
      )}
      {waiting > 0 && blockedBy !== null && (
        <Alert variant="secondary" role="note" className="py-2 px-3 small">
          Nothing goes out at the moment. What waits is safe on {place} and goes out by itself, in its order,
          as soon as the link is back.
          <Why reason={blockedBy} />
        </Alert>
      )}
      <ListGroup as="ul" variant="flush">
        {entries.map((entry) => (
          <OutboxItem key={entry.requestId} entry={entry} isBlocked={blockedBy !== null} nowMs={now} />
        ))}
        {writes.map((write) => (
          <ListGroup.Item as="li" key={write.requestId} className="px-0 py-3">
            <div className="d-flex align-items-baseline mb-1">
              {write.ticketId === null ? (
                <span className="small text-body-secondary">for a ticket that waits</span>
              ) : (
                <OpenTicket id={write.ticketId} />
              )}
              <span className="small text-body-secondary text-nowrap ms-auto">
                <RelativeTime at={write.createdAt} />
              </span>
            </div>
            <QueuedItem write={write} />
          </ListGroup.Item>
        ))}
      </ListGroup>
      {more > 0 && (
        <p className="small text-body-secondary mt-3 mb-0">
          And {countText(more)} more, shown as these are sent.
        </p>
      )}
    </PanelFrame>
  );
}

interface OutboxItemProps {
  entry: OutboxEntry;
  /** Nothing goes out at the moment. */
  isBlocked: boolean;
  nowMs: number;
}

function OutboxItem({ entry, isBlocked, nowMs }: OutboxItemProps) {
  const { open } = useNavigation();
  const titleId = useId();
  const actions = useCreateActions(entry);
  const [editing, setEditing] = useState<'not-yet' | 'editing' | 'left'>('not-yet');
  const words = useCreateStateWords();
  const error = errorWords(entry, isBlocked);
  return (
    <ListGroup.Item as="li" className="px-0 py-3" aria-labelledby={titleId}>
      <div className="d-flex gap-2 align-items-baseline">
        <Button
          variant="link"
          id={titleId}
          className="p-0 text-body fw-semibold text-truncate text-decoration-none"
          title={shownText(entry.title)}
          onClick={() => open({ kind: 'create', requestId: entry.requestId })}
        >
          <bdi>{shownText(entry.title)}</bdi>
        </Button>
        <span className="small text-body-secondary text-nowrap ms-auto">
          <RelativeTime at={entry.createdAt} />
        </span>
      </div>
      <div className="small mb-1">
        <span aria-hidden="true">
          <CreateStateMark state={entry.state} />
        </span>{' '}
        {words[entry.state]}
      </div>
      {error && (
        <div className="small text-break">
          {error}
          {entry.conflict && <OpenTicket id={entry.conflict.ticketId} />}
        </div>
      )}
      <div className="small text-body-secondary mb-2">{tryWords(entry, { isBlocked, nowMs })}</div>
      {editing === 'editing' ? (
        <CreateForm entry={entry} actions={actions} onLeave={() => setEditing('left')} />
      ) : (
        <CreateControls
          entry={entry}
          actions={actions}
          focusEdit={editing === 'left'}
          onEdit={() => setEditing('editing')}
        />
      )}
    </ListGroup.Item>
  );
}

/** A reason in an operator's words, with names of servers and all: there when it is asked for, and else in nobody's way. */
function Why({ reason }: { reason: string }) {
  return (
    <details>
      <summary>Why?</summary>
      <p className="mb-0 text-body-secondary text-break">{reason}</p>
    </details>
  );
}
