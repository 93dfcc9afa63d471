/** What changed tickets mean for a list: their rows, or that they are not in it. */
import { chunksOf } from '../../../proto/chunks.ts';
import type { TicketChange } from '../../state/live.tsx';
import type { Row, RowChange } from './known-rows.ts';
import { belongs, type ListQuery } from './list-filter.ts';
import { rowFor } from './list-order.ts';

export interface LiveMatchesOptions {
  query: ListQuery;
  /** The rows of those of these tickets that the query finds now, as the ticket service says. */
  find(ids: readonly number[]): Promise<readonly Row[]>;
}

/** The most that `find` is asked for at once. */
const maxIds = 200;

/**
 * Answers burst by burst, in the order in which they came. One that needs no answer of the service, and waits for
 * none, is told at once.
 * @returns to be called with each burst: `tell` gets its rows, `fail` is called when the service did not answer, or
 * more changed than can be asked for: the list must be read anew.
 */
export function createLiveMatches({ query, find }: LiveMatchesOptions) {
  let turn: Promise<void> | undefined;

  return (changes: readonly TicketChange[], tell: (rows: readonly RowChange[]) => void, fail: () => void) => {
    const asked = changes.flatMap(({ id, ticket }) =>
      id !== null && ticket && belongs(query, ticket) === undefined ? [id] : [],
    );
    if (!turn && asked.length === 0) {
      tell(rowChanges(query, changes, []));
      return;
    }
    const answer = (turn ?? Promise.resolve()).then(async () => {
      if (asked.length > maxIds) return fail();
      const found = asked.length > 0 ? await find(asked).catch(() => undefined) : [];
      if (found) tell(rowChanges(query, changes, found));
      else fail();
    });
    turn = answer;
    void answer.then(() => {
      if (turn === answer) turn = undefined;
    });
  };
}

/** Those of these tickets that the query does not find any more, as far as the ticket service says. */
export async function unfound(
  ids: readonly number[],
  find: LiveMatchesOptions['find'],
): Promise<readonly number[]> {
  const missing: number[] = [];
  for (const asked of chunksOf(ids, maxIds)) {
    const rows = await find(asked).catch(() => undefined);
    if (!rows) break;
    const found = new Set(rows.map(({ id }) => id));
    missing.push(...asked.filter((id) => !found.has(id)));
  }
  return missing;
}

function rowChanges(
  query: ListQuery,
  changes: readonly TicketChange[],
  found: readonly Row[],
): readonly RowChange[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return changes.flatMap(({ id, ticket }) => {
    if (id === null) return [];
    const requestId = ticket?.requestId ?? null;
    const known = ticket ? belongs(query, ticket) : false;
    if (known === undefined) return [{ id, requestId, row: byId.get(id) ?? null }];
    return [{ id, requestId, row: known && ticket ? rowFor(query.order, ticket) : null }];
  });
}
