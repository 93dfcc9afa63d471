/** What is said above and below the rows: what arrived, how many there are, and how old the list is. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import { shownText } from '../../../proto/visible-text.ts';
import { WordButton } from '../../components/SmallButton.tsx';
import { useTimeWords } from '../../state/clock.ts';
import type { LinkInfo } from '../../state/live.tsx';
import { counted, countText } from '../../state/locale.ts';
import { clockTime } from '../../state/relative-time.ts';
import type { View } from '../../state/views.ts';
import { isNarrowed, type ListQuery } from './list-filter.ts';
import type { ListState } from './ticket-list.ts';

/** "3 new", in the free end of the title's head: it moves nothing and covers nothing. */
export function ArrivalsNote({ arrivals, onShow }: { arrivals: number; onShow(): void }) {
  return (
    <div className="arrivals ticket-row" role="status">
      {arrivals > 0 && (
        <Button size="sm" className="rounded-pill px-3 py-0" onClick={onShow}>
          {countText(arrivals)} new
        </Button>
      )}
    </div>
  );
}

/**
 * What a search or a filter has found, or the view that somebody went to holds, for a screen reader: once, as what comes
 * and goes afterwards is no answer to it.
 */
export function FoundNote({ view, query, state }: { view: View; query: ListQuery; state: ListState }) {
  const { search, filters } = query;
  const asked = JSON.stringify([view.id, view.query, search, filters]);
  const [said, setSaid] = useState({ asked, words: '' });
  const isRead = state.asOf !== null && state.loading === null;
  if (asked !== said.asked && isRead) setSaid({ asked, words: foundWords(view, query, state) });
  return (
    <p className="visually-hidden" role="status" aria-label="Search result">
      {said.asked === asked && said.words}
    </p>
  );
}

function foundWords(view: View, query: ListQuery, { ticketsRead, hasMore }: ListState): string {
  const held = ticketsRead === 0 ? 'No ticket' : counted(ticketsRead, 'ticket');
  const words = hasMore ? `More than ${held}` : held;
  return query.search === '' && !isNarrowed(query) ? `${shownText(view.name)}: ${words}` : `${words} found`;
}

/** "41 open · newest first", and "as of 14:02" while what is shown may be old. Always there, so that it moves nothing. */
export function ListFooter({ words, link, asOf }: { words: string; link: LinkInfo; asOf: number | null }) {
  const time = useTimeWords((nowMs) => (asOf === null ? '' : clockTime(asOf, nowMs)));
  const old = link.state !== 'CONNECTED' && asOf !== null;
  // While a desk starts, its list is old for a moment only.
  const isLost = old && link.state === 'OFFLINE';
  return (
    <footer
      className={`flex-shrink-0 px-3 py-1 small border-top text-truncate ${isLost ? 'bg-warning-subtle text-warning-emphasis' : 'text-body-secondary'}`}
    >
      <strong role="status" data-as-of>
        {old && `as of ${time} · `}
      </strong>
      {words}
    </footer>
  );
}

/** The rest of the list could not be read. */
export function MoreError({ state, onRetry }: { state: ListState; onRetry(): void }) {
  if (!state.error || state.items.length === 0) return null;
  return (
    <div className="d-flex align-items-center gap-2 px-3 py-1 small border-top" role="alert">
      <span className="text-body-secondary">The rest of the list can't be read at the moment.</span>
      <WordButton onClick={onRetry}>Try again</WordButton>
    </div>
  );
}
