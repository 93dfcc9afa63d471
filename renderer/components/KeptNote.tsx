/** Says beside a form whether its text is on disk: quietly when it is, clearly when it can't be. */
import Alert from 'react-bootstrap/Alert';
import type { Draft } from '../state/drafts.ts';

export function KeptNote({ draft }: { draft: Draft<unknown> }) {
  if (draft.keeping === 'not-kept') {
    return (
      <Alert variant="warning" className="py-2 px-3 small mb-3" data-keeping="not-kept">
        This text can't be kept on disk: {draft.problem} It is safe only while this window is open.
      </Alert>
    );
  }
  if (draft.draft === null) return null;
  return (
    <span className="small text-body-secondary" data-keeping={draft.keeping} title="On this computer's disk">
      {draft.keeping === 'kept' ? 'Draft kept' : 'Keeping…'}
    </span>
  );
}
