/** What somebody changed, as one quiet line; a long run folds. */
import { fieldNames, fieldOf } from '../../../proto/ticket-fields.ts';
import { shownText } from '../../../proto/visible-text.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useNameOf } from '../../state/agents.tsx';
import { isOneOf } from '../../state/form-values.ts';
import { exactTime } from '../../state/relative-time.ts';
import type { Change, ThreadItem } from './thread-items.ts';

/** So many of a run are shown unasked: the latest. */
const shown = 4;

const events: Readonly<Record<string, string>> = {
  CREATED: 'filed it',
  DELETED: 'deleted it',
  RESTORED: 'brought it back',
};

export function ChangesItem({ item }: { item: ThreadItem & { kind: 'changes' } }) {
  const nameOf = useNameOf();
  const { by, changes } = item;
  const folded = changes.slice(0, -shown);
  const last = changes.at(-1) ?? item;
  return (
    <div className="changes small text-body-secondary d-flex gap-2">
      <span className="flex-grow-1 text-break">
        <bdi className="fw-semibold">{nameOf(by)}</bdi>{' '}
        {folded.length > 0 && (
          <details className="d-inline">
            <summary className="d-inline">and {folded.length} more before</summary>
            <ul className="list-unstyled mb-0 ps-3">
              {folded.map((change) => (
                <li key={`${change.at} ${change.field}`}>{wordsOf(change)}</li>
              ))}
            </ul>
          </details>
        )}{' '}
        {changes.slice(-shown).map(wordsOf).join(' · ')}
      </span>
      <span className="text-nowrap">
        <RelativeTime at={last.at} />
      </span>
    </div>
  );
}

/** "New → In Progress", "title changed", "no Due any more". */
function wordsOf({ field, from, to }: Change): string {
  const event = events[field];
  if (event !== undefined) return event;
  if (field === 'IMPORTED') return from === null ? 'imported it' : `imported it, was #${from}`;
  if (field === 'comment') return commentWords(from, to);
  if (!isOneOf(fieldNames, field)) return `${field}: ${from ?? ''} → ${to ?? ''}`;
  const { kind, label } = fieldOf(field);
  if (kind === 'text') return `${label.toLowerCase()} changed`;
  if (!to) return `no ${label.toLowerCase()} any more`;
  if (kind === 'choice') return from ? `${from} → ${to}` : to;
  return `${label.toLowerCase()} ${kind === 'time' ? exactTime(to) : shownText(to)}`;
}

function commentWords(from: Change['from'], to: Change['to']): string {
  if (to === null) return 'deleted a comment';
  return from === '' ? 'brought a comment back' : 'edited a comment';
}
