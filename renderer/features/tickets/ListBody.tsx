/** The rows, or what stands in their place: a skeleton, a sentence, an error. */
import Button from 'react-bootstrap/Button';
import type { TicketOrder } from '../../../proto/ticket-fields.ts';
import { quoted, shownText } from '../../../proto/visible-text.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { AfterAWhile } from '../../components/Skeleton.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { useOutboxPlace } from '../../state/boot.tsx';
import { runCommand } from '../../state/commands.ts';
import { readFailure } from '../../state/failure.ts';
import { useLink } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { viewWords } from '../../state/views.ts';
import { isNarrowed, type ListQuery } from './list-filter.ts';
import type { ListItem } from './list-items.ts';
import { TicketGrid } from './TicketGrid.tsx';
import { SkeletonCells } from './TicketRow.tsx';
import type { ChosenStore } from './use-chosen-rows.ts';
import type { TicketListHandle } from './use-ticket-list.ts';

export interface ListBodyProps {
  handle: TicketListHandle;
  chosen: ChosenStore;
  query: ListQuery;
  total: number | undefined;
  /** No view has a ticket, or while searching, one that was found. */
  hasNoTickets: boolean;
  onOrder(order: TicketOrder): void;
  onOpen(item: ListItem): void;
  onClearSearch(): void;
}

export function ListBody(props: ListBodyProps) {
  const { handle, chosen, query, total, onOrder, onOpen } = props;
  const { view } = useNavigation();
  return (
    <TicketGrid
      handle={handle}
      chosen={chosen}
      total={total ?? -1}
      label={`${shownText(view.name)} tickets`}
      instead={handle.state.items.length > 0 ? null : <WithoutRows {...props} />}
      order={query.order}
      onOrder={onOrder}
      onOpen={onOpen}
    />
  );
}

function WithoutRows({ handle, query, hasNoTickets, onClearSearch }: ListBodyProps) {
  const link = useLink();
  const { list, state } = handle;
  // A desk that is still starting has no list yet, nor has one that reads on as all rows have left; that is no error.
  const readsOn = !state.isEndKnown && !state.error;
  if (state.loading === 'first' || readsOn || (state.asOf === null && link.state === 'CONNECTING')) {
    return <ListSkeleton starting={link.state === 'CONNECTING'} />;
  }
  if (state.error) {
    return (
      <ErrorState
        title="The list can't be read at the moment."
        message={`${readFailure(state.error).message} Filing a ticket works all the same.`}
        onRetry={() => list.retry()}
      />
    );
  }
  const isLinked = link.state === 'CONNECTED';
  return <NothingHere {...{ query, hasNoTickets, isLinked, onClearSearch }} />;
}

function ListSkeleton({ starting }: { starting: boolean }) {
  return (
    <AfterAWhile>
      <div role="status" aria-label="Loading the list">
        {starting && <p className="px-3 py-2 mb-0 small text-body-secondary">Starting the ticket service…</p>}
        <div aria-hidden="true">
          {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
            <div key={key} className="ticket-row in-flow">
              <SkeletonCells />
            </div>
          ))}
        </div>
      </div>
    </AfterAWhile>
  );
}

/** Where else a text may be that was not found. */
function foundElsewhere(search: {
  byNumber: boolean;
  hasNoTickets: boolean;
  isLinked: boolean;
}): string | undefined {
  if (!search.isLinked) return 'Without a link, only tickets that were seen lately are searched.';
  if (search.byNumber || search.hasNoTickets) return undefined;
  return 'The numbers beside the views say where else it was found.';
}

function NothingHere({
  query,
  hasNoTickets,
  isLinked,
  onClearSearch,
}: Pick<ListBodyProps, 'query' | 'hasNoTickets' | 'onClearSearch'> & { isLinked: boolean }) {
  const place = useOutboxPlace();
  const words = viewWords(useNavigation().view);
  if (query.search !== '') {
    const byNumber = query.search.startsWith('#');
    return (
      <EmptyState
        title={
          byNumber
            ? `There is no ticket ${query.search}`
            : `No ticket that is ${words} holds ${quoted(query.search)}`
        }
        text={foundElsewhere({ byNumber, hasNoTickets, isLinked })}
        action={<SmallButton onClick={onClearSearch}>Clear the search</SmallButton>}
      />
    );
  }
  if (hasNoTickets) {
    return (
      <EmptyState
        title="No tickets yet."
        text={`What you file is saved on ${place} at once, also while the link is down.`}
        action={<Button onClick={() => runCommand('new-ticket')}>File the first ticket</Button>}
      />
    );
  }
  return <EmptyState title={`No ticket is ${words}${isNarrowed(query) ? ' and fits the filter' : ''}.`} />;
}
