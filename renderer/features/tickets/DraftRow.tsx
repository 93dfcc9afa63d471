/** The new ticket that was begun and not filed, over the list, as a row that leads back to it. */
import { useDesk } from '../../state/desk.tsx';
import { useDraft } from '../../state/drafts.ts';

export function DraftRow() {
  const { panel, open } = useDesk();
  const { draft } = useDraft('new-ticket');
  if (draft === null || panel.kind === 'new-ticket') return null;
  return (
    <button
      type="button"
      className="ticket-row in-flow draft-row"
      title="Go on with this draft"
      data-state="DRAFT"
      onClick={() => open({ kind: 'new-ticket' })}
    >
      <span className="cell-id" aria-hidden="true">
        <svg viewBox="0 0 16 16" className="glyph" aria-hidden="true">
          <path d="m3 13 .8-3L11 2.8 13.2 5 6 12.2Z" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </span>
      <bdi className="cell-title">{draft.title || <em>No title yet</em>}</bdi>
      <bdi className="cell-name">{draft.name}</bdi>
      <span className="cell-words">draft, not filed</span>
    </button>
  );
}
