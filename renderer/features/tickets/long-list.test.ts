/** What a list costs that is read to its end: as much for each page, and for each change, as at its beginning. */
import { expect, it } from 'vitest';
import { type Order, type Row, ticketRow, unreadPage } from './known-rows.ts';
import { emptyList, eyeIs, type ListModel, pageAsked, pageRead, ticketsChanged } from './list-model.ts';
import { orders, text } from './testing/orders.ts';

const pageSize = 100;
const row = (id: number) => ticketRow({ id, key: `ticket-${id}`, version: 1, sortKey: text(id) });
/** Each row of a page is sorted among the others, and finds its place among all by halving. */
const mostComparisons = 50 * pageSize;

function counted(order: Order) {
  let comparisons = 0;
  const counting: Order = (a: Row, b: Row) => {
    comparisons += 1;
    return order(a, b);
  };
  const during = (work: () => void) => {
    const before = comparisons;
    work();
    return comparisons - before;
  };
  return { order: counting, during };
}

it('compares no more rows for a page, or for a change, however many have been read', () => {
  const { order, during } = counted(orders['newest first'].order);
  let list: ListModel = emptyList(order);
  let newest = 20_000;
  const readPage = () => {
    const page = unreadPage(list.known);
    if (!page) throw new Error('everything is read');
    const rows = Array.from({ length: pageSize }, (_, at) => row(newest - at));
    newest -= pageSize;
    const result = { rows, hasNextPage: newest > 0, endCursor: String(newest), asOf: null };
    list = pageRead(pageAsked(list, page), page, result);
  };
  readPage();
  list = eyeIs(list, { scrolled: true });
  while (unreadPage(list.known)) expect(during(readPage)).toBeLessThan(mostComparisons);
  expect(list.items).toHaveLength(20_000);
  const changed = { ...row(10_000), version: 2 };
  const change = () => {
    list = ticketsChanged(list, [{ id: changed.id, requestId: null, row: changed }]);
  };
  expect(during(change)).toBeLessThan(mostComparisons);
  expect(list.items[10_000]).toEqual(changed);
  // Told at once, not counted again at each drawing.
  expect(list.items).toBe(list.whole);
});
