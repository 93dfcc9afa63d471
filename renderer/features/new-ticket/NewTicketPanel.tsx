/** The form beside the list. What is typed outlives the form, the window and the power. */
import { useMemo } from 'react';
import { createFieldNames } from '../../../proto/ticket-fields.ts';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { TicketForm, TicketFormButtons } from '../../components/TicketForm.tsx';
import { useNewTicket } from './use-new-ticket.ts';

export function NewTicketPanel() {
  const { stored, values, filing, type, discard } = useNewTicket();
  const { busy, failure, file } = filing;
  const focus = useMemo(() => (stored.loaded ? ({ name: 'title' } as const) : null), [stored.loaded]);

  return (
    <PanelFrame
      title="New ticket"
      footer={
        <TicketFormButtons
          form="new-ticket"
          draft={stored}
          submitLabel={busy ? 'Filing…' : 'File ticket'}
          disabled={busy}
        >
          {stored.draft && (
            <SmallButton onClick={discard} disabled={busy}>
              Discard draft
            </SmallButton>
          )}
        </TicketFormButtons>
      }
    >
      <TicketForm
        id="new-ticket"
        names={createFieldNames}
        values={values}
        onType={type}
        onSubmit={() => void file()}
        blocked={null}
        focus={focus}
        failure={failure}
        draft={stored}
        beginsEmpty
      />
    </PanelFrame>
  );
}
