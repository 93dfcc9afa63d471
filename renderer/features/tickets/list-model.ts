/**
 * The rows of one list and what becomes of them when tickets change: plain data, plain functions.
 * Rows are ids in their order, by pages; the tickets themselves live in Apollo's cache.
 */
import type { TicketOrder } from '../../graphql/generated/operations.ts';

export interface Row {
  id: number;
  requestId: string | null;
  /** What the list is ordered by: the time of creation or of the last change, as text; then comes the id. */
  sortKey: string;
}

export interface Page {
  /** The cursor that the page was read after; null for the first. */
  after: string | null;
  rows: readonly Row[];
  /** `away`: its tickets were let go, and are read again when they come near the window. */
  presence: 'here' | 'loading' | 'away';
}

export interface ListModel {
  order: TicketOrder;
  pages: readonly Page[];
  /** Where the next page begins; null when there is none. */
  endCursor: string | null;
  hasMore: boolean;
  /** What waits until the person stops reading: a row to put in its place, or null for one to take out. */
  pending: ReadonlyMap<number, Row | null>;
}

export interface PageResult {
  rows: readonly Row[];
  hasNextPage: boolean;
  endCursor: string | null;
}

/** A ticket as it is now (`row`), or that it no longer belongs in the list (null). */
export interface RowChange {
  id: number;
  row: Row | null;
}

const noPending: ReadonlyMap<number, Row | null> = new Map();

export function firstPage(order: TicketOrder, { rows, hasNextPage, endCursor }: PageResult): ListModel {
  return {
    order,
    pages: [{ after: null, rows, presence: 'here' }],
    endCursor,
    hasMore: hasNextPage,
    pending: noPending,
  };
}

/** Adds the page that begins at `endCursor`; a row that was moved meanwhile stands only where it was first. */
export function withNextPage(model: ListModel, { rows, hasNextPage, endCursor }: PageResult): ListModel {
  const known = idsOf(model);
  const page: Page = {
    after: model.endCursor,
    rows: rows.filter((row) => !known.has(row.id)),
    presence: 'here',
  };
  return { ...model, pages: [...model.pages, page], endCursor, hasMore: hasNextPage };
}

/** A page read again: rows that are no longer in it have gone. */
export function withPageAgain(model: ListModel, after: string | null, result: PageResult): ListModel {
  const found = new Set(result.rows.map((row) => row.id));
  return withPage(model, after, (page) => ({
    ...page,
    presence: 'here',
    rows: page.rows.filter((row) => found.has(row.id)),
  }));
}

export function withPresence(model: ListModel, after: string | null, presence: Page['presence']): ListModel {
  return withPage(model, after, (page) => ({ ...page, presence }));
}

function withPage(model: ListModel, after: string | null, change: (page: Page) => Page): ListModel {
  return { ...model, pages: model.pages.map((page) => (page.after === after ? change(page) : page)) };
}

/** Puts each change in its place at once. */
export function applyNow(model: ListModel, changes: Iterable<RowChange>): ListModel {
  let { pages } = model;
  const pending = new Map(model.pending);
  for (const { id, row } of changes) {
    pending.delete(id);
    pages = without(pages, id);
    if (row) pages = withRow(pages, row, model);
  }
  return { ...model, pages, pending };
}

/**
 * Notes what would move a row under the reader's eye, and applies the rest: a row that keeps its place is
 * no news to the list. A row at an end that has not been read yet comes by itself when it is.
 */
export function applyLater(model: ListModel, changes: Iterable<RowChange>): ListModel {
  const pending = new Map(model.pending);
  const rows = new Map(rowsOf(model).map((row) => [row.id, row]));
  for (const { id, row } of changes) {
    const before = rows.get(id);
    if (before && row && before.sortKey === row.sortKey) pending.delete(id);
    else if (!before && !row) pending.delete(id);
    else if (before || (row && belongsInLoaded(model.pages, row, model))) pending.set(id, row);
  }
  return { ...model, pending };
}

/** Applies what waited. */
export function settle(model: ListModel): ListModel {
  if (model.pending.size === 0) return model;
  return applyNow(
    model,
    [...model.pending].map(([id, row]) => ({ id, row })),
  );
}

/** Those of the waiting changes that are tickets which the list does not show yet. */
export function arrivalsOf(model: ListModel): Row[] {
  if (model.pending.size === 0) return [];
  const known = idsOf(model);
  return [...model.pending.values()].filter((row) => row !== null && !known.has(row.id)) as Row[];
}

export function rowsOf(model: ListModel): Row[] {
  return model.pages.flatMap((page) => page.rows);
}

function idsOf(model: ListModel): Set<number> {
  return new Set(rowsOf(model).map((row) => row.id));
}

function without(pages: readonly Page[], id: number): readonly Page[] {
  const index = pages.findIndex((page) => page.rows.some((row) => row.id === id));
  if (index < 0) return pages;
  return pages.map((page, at) =>
    at === index ? { ...page, rows: page.rows.filter((row) => row.id !== id) } : page,
  );
}

function withRow(pages: readonly Page[], row: Row, model: ListModel): readonly Page[] {
  if (!belongsInLoaded(pages, row, model)) return pages;
  const comesBefore = comparison(model.order);
  const found = pages.findIndex((page) => page.rows.some((other) => comesBefore(row, other)));
  const index = found < 0 ? pages.length - 1 : found;
  return pages.map((page, at) => {
    if (at !== index) return page;
    const place = page.rows.findIndex((other) => comesBefore(row, other));
    return { ...page, rows: page.rows.toSpliced(place < 0 ? page.rows.length : place, 0, row) };
  });
}

/** Whether the row's place lies in what has been read: before the last row, or anywhere when that is the end. */
function belongsInLoaded(pages: readonly Page[], row: Row, model: ListModel): boolean {
  if (!model.hasMore) return true;
  const last = pages.findLast((page) => page.rows.length > 0)?.rows.at(-1);
  return last !== undefined && comparison(model.order)(row, last);
}

function comparison(order: TicketOrder): (a: Row, b: Row) => boolean {
  const ascending = order === 'CREATED_ASC' || order === 'UPDATED_ASC';
  return (a, b) => {
    if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey === ascending;
    return a.id < b.id === ascending;
  };
}
