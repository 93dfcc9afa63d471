/** Counts that are asked for at once: what differs in its statuses alone is counted once, for all of them. */
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { type Count, counted } from '../../domain/search.ts';
import { fitsNothing } from '../../domain/ticket-filter.ts';
import type { TicketSelection } from '../store/ticket-store.ts';
import type { ReadFilter } from './selection.ts';

type StatusCounts = readonly (readonly [status: string, count: number])[];

export interface Counting {
  count(asked: ReadFilter): Promise<Count>;
  /** Of each status, whichever the filter asks for, to more than limits.maxCount where there are more. */
  countEachStatus(asked: ReadFilter): Promise<StatusCounts>;
}

export function countTogether(asked: readonly ReadFilter[], counting: Counting): Promise<Count[]> {
  const keys = asked.map(({ selection }) => keyOf(selection));
  const together = new Map<string, Promise<StatusCounts>>();
  const count = async (each: ReadFilter): Promise<Count> => {
    if (fitsNothing(each.selection)) return { count: 0, exact: true };
    const key = keyOf(each.selection);
    if (keys.indexOf(key) === keys.lastIndexOf(key)) return counting.count(each);
    const { statuses = ticketFields.status.choices } = each.selection;
    const reading = together.get(key) ?? counting.countEachStatus(each);
    together.set(key, reading);
    const counts = (await reading).filter(([status]) => statuses.includes(status));
    return counted(counts.reduce((sum, [, count]) => sum + count, 0));
  };
  return Promise.all(asked.map(count));
}

function keyOf({ statuses: _, ...others }: TicketSelection): string {
  return JSON.stringify(others);
}
