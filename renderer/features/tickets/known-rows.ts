/**
 * What is known of a view: its rows in their order, and the pages they were read by. Plain data, plain functions.
 * The pages cut the order into ranges, so that each row's page follows from where the row stands.
 */

/** A ticket as a line of the list, and where it stands. The ticket itself lives in Apollo's cache. */
export interface Row {
  kind: 'ticket';
  id: number;
  /** The same through all states of a ticket, from the create on. */
  key: string;
  /** One more with every write; null from a service that keeps none. */
  version: number | null;
  /** What the order compares, before the id. */
  sortKey: string;
  entry: null;
  /** It has left the view, and stays in its place for the eye. */
  leaving: boolean;
}

/** Negative when `a` comes first; 0 only for the same place. */
export type Order = (a: Row, b: Row) => number;

/** The rows after `from`, up to the next page's. */
export interface Page {
  /** The cursor to read it by; null for the first page. */
  after: string | null;
  from: Row | null;
  /** `away`: read before, but old by now, or its tickets were let go. `unread`: nothing is known from here on. */
  state: 'here' | 'away' | 'unread';
  /** It has been asked for. */
  reading: boolean;
  /** Its cursor is of a list made of kept tickets: the ticket service knows none of those. */
  isKept: boolean;
  /**
   * Of an unread page that is a gap, as what follows was read from the end of the view: the cursor by which the gap is
   * read backwards, too.
   */
  before: string | null;
}

export interface Known {
  order: Order;
  /** In order, so that places among however many are found by halving. */
  rows: readonly Row[];
  pages: readonly Page[];
  /** Changes that came while a page was being read: its answer may be older than they are. */
  meanwhile: ReadonlyMap<number, RowChange>;
}

export interface PageResult {
  rows: readonly Row[];
  hasNextPage: boolean;
  endCursor: string | null;
  /** When kept tickets were last known to be so (ms since 1970); null in an answer of the ticket service. */
  asOf: number | null;
}

/** The last rows of a view, or of its gap. */
export interface EndResult extends Pick<PageResult, 'rows' | 'asOf'> {
  /** The row before these, with the cursor to go on after it; null where there is none. */
  beyond: { row: Row; cursor: string } | null;
  /** To go on from these backwards. */
  startCursor: string | null;
}

/** A ticket as it is now (`row`), or that it does not belong in the view (null). */
export interface RowChange {
  id: number;
  /** The id under which it was filed; null where that is not told. */
  requestId: string | null;
  row: Row | null;
}

export function nothingKnown(order: Order): Known {
  const first: Page = {
    after: null,
    from: null,
    state: 'unread',
    reading: false,
    isKept: false,
    before: null,
  };
  return { order, rows: [], pages: [first], meanwhile: new Map() };
}

export function ticketRow(ticket: Pick<Row, 'id' | 'key' | 'version' | 'sortKey'>): Row {
  return { kind: 'ticket', ...ticket, entry: null, leaving: false };
}

/** The index of the page that has this place. */
export function pageIndexOf({ order, pages }: Known, row: Row): number {
  return countFirst(pages, ({ from }) => from === null || order(from, row) < 0) - 1;
}

/** The page that has this place. */
export function pageOf(known: Known, row: Row): Page {
  return known.pages[pageIndexOf(known, row)] as Page;
}

/** The rows in a page's range. */
export function rowsOf(known: Known, page: Page): readonly Row[] {
  const end = known.pages[known.pages.indexOf(page) + 1]?.from ?? null;
  return known.rows.slice(...rangeOf(known, page.from, end));
}

/** Where the rows after one place begin, and those after another; null: before all, and after all. */
function rangeOf({ order, rows }: Known, from: Row | null, end: Row | null): [number, number] {
  const upTo = (place: Row) => countFirst(rows, (row) => order(row, place) <= 0);
  return [from ? upTo(from) : 0, end ? upTo(end) : rows.length];
}

/** Of how many this is so, where it is so of the first alone. */
export function countFirst<Item>(items: readonly Item[], isSo: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where reading goes on, at the end or in a gap; null when everything is known. */
export function unreadPage({ pages }: Known): Page | null {
  return pages.find(({ state }) => state === 'unread') ?? null;
}

/** The unread range in the midst of the view, when its end was read before what lies between. */
export function gapOf(known: Known): Page | null {
  const page = unreadPage(known);
  return page && page !== known.pages.at(-1) ? page : null;
}

export function withPage(known: Known, page: Page, change: Partial<Page>): Known {
  const pages = known.pages.map((other) => (other.after === page.after ? { ...other, ...change } : other));
  const meanwhile = pages.some(({ reading }) => reading) ? known.meanwhile : new Map();
  return { ...known, pages, meanwhile };
}

/**
 * Changes may have been missed: every page is to be read again, what was kept in the range of the last page that the
 * service knows. Answers that are still to come are too old.
 */
export function allOld(known: Known): Known {
  const gap = gapOf(known);
  const behind = gap ? known.pages.slice(known.pages.indexOf(gap)) : [];
  // Where a gap ends is not known any more when what follows goes: then nothing is taken for known behind it.
  const isGone = (page: Page) =>
    page.isKept || (behind.includes(page) && behind.some(({ isKept }) => isKept));
  const pages = known.pages
    .filter((page) => !isGone(page))
    .map((page): Page => {
      return { ...page, state: page.state === 'here' ? 'away' : page.state, reading: false };
    });
  return { ...known, pages, meanwhile: new Map() };
}

/** Puts each change in its place. A row at an end that has not been read yet comes by itself when it is. */
export function withChanges(known: Known, changes: Iterable<RowChange>): Known {
  const latest = new Map<number, RowChange>();
  for (const change of changes) latest.set(change.id, change);
  if (latest.size === 0) return known;
  const kept = known.rows.filter((row) => {
    const change = latest.get(row.id);
    if (!change) return true;
    if (change.row && isOlder(change.row, row)) latest.set(row.id, { ...change, row });
    else if (change.row) latest.set(row.id, { ...change, row: { ...change.row, key: row.key } });
    return false;
  });
  const placed = [...latest.values()].flatMap(({ row }) => (row ? [row] : []));
  const isReading = known.pages.some(({ reading }) => reading);
  return {
    ...known,
    rows: merged(
      known.order,
      kept,
      placed.filter((row) => pageOf(known, row).state !== 'unread'),
    ),
    meanwhile: isReading ? new Map([...known.meanwhile, ...latest]) : known.meanwhile,
  };
}

/** What was read holds for its whole range, and for each ticket in it; what changed meanwhile holds against it. */
export function withAnswer(known: Known, page: Page, answer: PageResult): Known {
  const { rows, hasNextPage, endCursor } = answer;
  // A page that went and came anew meanwhile has not been asked for.
  if (!known.pages.some(({ after, reading }) => reading && after === page.after)) return known;
  const last = rows.at(-1) ?? null;
  const isKept = answer.asOf !== null;
  const end = hasNextPage && endCursor !== null && last ? { after: endCursor, from: last, isKept } : null;
  const read = rangeOf(known, page.from, end?.from ?? null);
  return withRead({ ...known, pages: pagesAfterReading(known, page, end) }, rows, read);
}

/** The rows that were read, in place of all others between the indexes that were read. */
function withRead(known: Known, rows: readonly Row[], [from, end]: [number, number]): Known {
  const found = new Map(rows.map((row) => [row.id, row]));
  const kept = known.rows.filter((row, at) => {
    const again = found.get(row.id);
    if (again) found.set(row.id, { ...again, key: row.key });
    return !again && (at < from || at >= end);
  });
  // An answer may reach on into what was not read; that comes by itself when it is.
  const isRead = (row: Row) => pageOf(known, row).state !== 'unread';
  const answered: Known = {
    ...known,
    rows: merged(known.order, kept, [...found.values()].filter(isRead)),
  };
  const settled = withChanges(answered, known.meanwhile.values());
  return settled.pages.some(({ reading }) => reading) ? settled : { ...settled, meanwhile: new Map() };
}

/** What was read from the end of the view, or backwards from where its gap ends, is known from there on. */
export function withEnd(known: Known, asked: Page, answer: EndResult): Known {
  const { rows, beyond, startCursor, asOf } = answer;
  const gap = unreadPage(known);
  // Another answer may have been there before, and has left less of the gap.
  if (gap?.after !== asked.after || gap.before !== asked.before) return known;
  const isKept = asOf !== null;
  const at = known.pages.indexOf(gap);
  const read = { state: 'here', reading: false, before: null } as const;
  const isClosed = !beyond || (gap.from !== null && known.order(beyond.row, gap.from) <= 0);
  const next = known.pages[at + 1]?.from;
  // So many have come into what was read of the end that the gap was not reached.
  const isBehindGap = !isClosed && next && known.order(next, beyond.row) <= 0;
  const pages: Page[] = isClosed
    ? [{ ...gap, ...read }]
    : [
        { ...gap, reading: false, before: startCursor },
        ...(isBehindGap ? [] : [{ ...read, after: beyond.cursor, from: beyond.row, isKept }]),
      ];
  return withRead(
    { ...known, pages: [...known.pages.slice(0, at), ...pages, ...known.pages.slice(at + 1)] },
    rows,
    // Nothing that is known goes by it.
    [0, 0],
  );
}

/** Where the answer ended early there is a rest to be read; where it had no end, nothing comes after it. */
function pagesAfterReading(
  known: Known,
  read: Page,
  end: Pick<Page, 'after' | 'from' | 'isKept'> | null,
): Page[] {
  const at = known.pages.findIndex(({ after }) => after === read.after);
  const before = known.pages.slice(0, at);
  const { before: gapBefore } = known.pages[at] as Page;
  const page: Page = { ...read, state: 'here', reading: false, before: null };
  if (!end?.from) return [...before, page];
  const following = known.pages.slice(at + 1);
  const next = following[0];
  if (next?.from && known.order(next.from, end.from) <= 0) {
    if (next.state !== 'unread' || known.order(next.from, end.from) === 0)
      return [...before, page, ...following];
    // What was read of an unread range is not unread any more.
    const [behind] = following.slice(1);
    const isClosed = behind?.from && known.order(behind.from, end.from) <= 0;
    const rest = isClosed ? [] : [{ ...next, ...end, reading: false }];
    return [...before, page, ...rest, ...following.slice(1)];
  }
  const isKnown = following.length > 0 || rangeOf(known, end.from, null)[0] < known.rows.length;
  const state = read.state === 'unread' || !isKnown ? 'unread' : 'away';
  const rest: Page = { ...end, state, reading: false, before: gapBefore };
  return [...before, page, rest, ...following];
}

function isOlder(a: Row, b: Row): boolean {
  return a.version !== null && b.version !== null && a.version < b.version;
}

/** One list of two, the first in order already. */
function merged(order: Order, rows: readonly Row[], more: readonly Row[]): Row[] {
  let at = 0;
  const pieces = [...more].sort(order).flatMap((row) => {
    const from = at;
    at = countFirst(rows, (other) => order(other, row) < 0);
    return [rows.slice(from, at), [row]];
  });
  return ([] as Row[]).concat(...pieces, rows.slice(at));
}
