/** Somebody else changed the ticket during an edit: the choice stands in its place. */
import Alert from 'react-bootstrap/Alert';
import { ClashForm } from '../../components/ClashForm.tsx';
import { Problem } from '../../components/Problem.tsx';
import { differences } from '../../state/merge.ts';
import type { Clash } from './edit-state.ts';
import type { TicketEdit } from './use-ticket-edit.ts';

export interface ClashViewProps {
  clash: Clash;
  edit: TicketEdit;
  blocked: string | null;
}

export function ClashView({ clash, edit, blocked }: ClashViewProps) {
  return (
    <>
      <Alert variant="warning" className="py-2 px-3 small">
        Somebody else changed this ticket while you did. Nothing was overwritten: choose, field by field.
      </Alert>
      <Problem text={edit.failure?.message} />
      <ClashForm
        found={differences(clash)}
        blocked={blocked}
        onChoose={edit.choose}
        leave={{ label: clash.of === 'text' ? 'Back to my text' : 'Leave it as it is', run: edit.resume }}
      />
    </>
  );
}
