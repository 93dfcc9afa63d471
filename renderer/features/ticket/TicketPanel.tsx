/** One ticket beside the list: loading, missing, deleted, or there to be read and worked. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import { CommentBox } from '../../components/CommentBox.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { QueuedItem } from '../../components/QueuedItem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { TicketReading } from '../../components/TicketReading.tsx';
import { TicketByIdDocument, type TicketDetailFragment } from '../../graphql/generated/operations.ts';
import { useCommand } from '../../state/commands.ts';
import { useTicketDeletion } from '../../state/delete-ticket.ts';
import { useCommentDraft, useEditDraft } from '../../state/drafts.ts';
import { readFailure } from '../../state/failure.ts';
import { fieldCommandIds } from '../../state/field-commands.ts';
import { valuesOf } from '../../state/form-values.ts';
import { useLive, useTicketChanges } from '../../state/live.tsx';
import { useTakenCommand } from '../../state/navigation.tsx';
import { useQueued } from '../../state/queued.ts';
import { TicketDetail } from './TicketDetail.tsx';

/** Keyed by id where it is mounted: another ticket is another panel. */
export function TicketPanel({ id }: { id: number }) {
  const live = useLive();
  const { data, error, loading, refetch } = useQuery(TicketByIdDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    notifyOnNetworkStatusChange: true,
  });
  const [deleted, setDeleted] = useState(false);
  useTicketChanges((changes) => {
    const last = changes.findLast((change) => change.id === id);
    if (last) setDeleted(last.kind === 'DELETED');
    // Brought back after this panel had found nothing.
    if (last?.ticket && !data?.ticket) void refetch();
  });
  useEffect(() => live.onReset(() => void refetch()), [live, refetch]);
  const ticket = data?.ticket;

  if (ticket)
    return (
      <TicketDetail
        ticket={ticket}
        id={id}
        gone={deleted ? <DeletedTicket ticket={ticket} id={id} /> : null}
      />
    );
  if (!loading && !error) return <MissingTicket id={id} />;
  return (
    <PanelFrame title={`#${id}`}>
      {loading && <Skeleton rows={6} />}
      {!loading && error && (
        <ErrorState message={readFailure(error).message} onRetry={() => void refetch()} />
      )}
    </PanelFrame>
  );
}

function MissingTicket({ id }: { id: number }) {
  useNoTicket(`There is no ticket #${id}.`);
  const isWaitedFor = useQueued(id).length > 0;
  return (
    <PanelFrame title={`#${id}`}>
      <div className={isWaitedFor ? '' : 'h-100'}>
        <EmptyState title={`There is no ticket #${id}`} text="It was deleted, or there never was one." />
      </div>
      <WhatWaits id={id} />
    </PanelFrame>
  );
}

/** The keys that would change a ticket say why they can't. */
function useNoTicket(disabledReason: string): void {
  const refused = { enabled: false, disabledReason };
  useCommand('edit-ticket', () => {}, refused);
  useCommand(fieldCommandIds, () => {}, refused);
  useCommand('delete-ticket', () => {}, refused);
  useTakenCommand();
}

/** Deleted by somebody else while it was open: says so, keeps it readable, and can bring it back. */
function DeletedTicket({ ticket, id }: { ticket: TicketDetailFragment; id: number }) {
  const { restore } = useTicketDeletion();
  useNoTicket(`#${id} was deleted. Bring it back to change it.`);
  const { requestId = null } = ticket;
  const { draft } = useEditDraft({ id, requestId });
  const written = useCommentDraft({ id, requestId }).draft;
  const [problem, setProblem] = useState<string | null>(null);
  const bringBack = () => restore(id).catch((thrown) => setProblem(readFailure(thrown).message));
  return (
    <PanelFrame title={`#${id}`} footer={written && <CommentBox id={id} requestId={requestId} />}>
      <Alert variant="warning" className="py-2 px-3 small d-flex flex-wrap align-items-center gap-2">
        <span className="me-auto">{problem ?? 'This ticket was deleted. Here is what it said.'}</span>
        <SmallButton onClick={() => void bringBack()}>Bring it back</SmallButton>
      </Alert>
      <TicketReading values={draft ?? valuesOf(ticket)} facts={draft && ' · with your unsaved change'} />
      <WhatWaits id={id} />
    </PanelFrame>
  );
}

/** What was written for a ticket that is gone comes back to its author, who may look for it here. */
function WhatWaits({ id }: { id: number }) {
  const writes = useQueued(id);
  return (
    writes.length > 0 && (
      <section aria-label="Comments and changes" className="mt-3">
        {writes.map((write) => (
          <QueuedItem key={write.requestId} write={write} />
        ))}
      </section>
    )
  );
}
