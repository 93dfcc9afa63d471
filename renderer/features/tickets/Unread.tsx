/** What of a search can't be read, within what stands around it, and what was expected there. */
import type { QueryProblem } from '../../../proto/search-language.ts';

/** Characters on either side of what can't be read, enough to find it in the search. */
const aroundIt = 20;

export function Unread({
  id,
  search,
  problem: { from, to, message },
}: {
  id?: string;
  search: string;
  problem: QueryProblem;
}) {
  const [before, after] = [[...search.slice(0, from)], [...search.slice(to)]];
  return (
    <p id={id} className="search-problem small text-body-secondary mt-1 mb-0">
      <bdi>
        {before.length > aroundIt && '…'}
        {before.slice(-aroundIt).join('')}
        <mark>{search.slice(from, to)}</mark>
        {after.slice(0, aroundIt).join('')}
        {after.length > aroundIt && '…'}
      </bdi>
      {' · '}
      {message}
    </p>
  );
}
