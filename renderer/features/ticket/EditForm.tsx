/** The ticket's text while it is edited, where it stood while it was read. */
import Alert from 'react-bootstrap/Alert';
import { editTextNames, fieldOf } from '../../../proto/ticket-fields.ts';
import { withKey } from '../../components/Kbd.tsx';
import { PresenceWords } from '../../components/PresenceWords.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { TicketForm, TicketFormButtons } from '../../components/TicketForm.tsx';
import { changedFields } from '../../state/merge.ts';
import type { TicketEdit } from './use-ticket-edit.ts';

interface EditFormProps {
  edit: TicketEdit;
  /** Why it can't be saved now; null when it can. */
  blocked: string | null;
}

export function EditForm({ edit, blocked }: EditFormProps) {
  return (
    <TicketForm
      id="edit-ticket"
      label="Edit this ticket"
      names={editTextNames}
      values={edit.values}
      onType={edit.type}
      onSubmit={edit.saveText}
      onLeave={edit.leave}
      blocked={blocked}
      focus={edit.focus}
      failure={edit.failure}
      draft={edit.stored}
      notice={<ChangedElsewhere edit={edit} />}
    />
  );
}

function ChangedElsewhere({ edit }: { edit: TicketEdit }) {
  if (!edit.changedElsewhere) return null;
  const changed = changedFields(edit.changedElsewhere, edit.now).map((name) => fieldOf(name).label);
  return (
    <Alert variant="info" className="py-2 px-3 small d-flex flex-wrap align-items-center gap-2">
      <span className="me-auto">
        Changed by somebody else: {changed.join(', ') || 'nothing that you see'}. Your text is as you typed
        it.
      </span>
      <SmallButton onClick={edit.compare}>Compare</SmallButton>
    </Alert>
  );
}

/** Stays in sight while a long text scrolls. */
export function EditFormButtons({ id, edit, blocked }: EditFormProps & { id: number }) {
  return (
    <TicketFormButtons
      form="edit-ticket"
      draft={edit.stored}
      submitLabel="Save"
      submitTitle={blocked ?? withKey('Save', 'CmdOrCtrl+Enter')}
      disabled={blocked !== null}
    >
      {edit.stored.draft && <SmallButton onClick={edit.discard}>Discard</SmallButton>}
      <PresenceWords id={id} />
    </TicketFormButtons>
  );
}
