/** One list: reads its pages as they are needed, keeps a window of them, and takes in changes without a jump. */
import type { TicketOrder } from '../../graphql/generated/operations.ts';
import {
  applyLater,
  applyNow,
  arrivalsOf,
  firstPage,
  type ListModel,
  type Page,
  type PageResult,
  type Row,
  type RowChange,
  rowsOf,
  settle,
  withNextPage,
  withPageAgain,
  withPresence,
} from './list-model.ts';

export const pageSize = 100;
const maxPageSize = 200;
/** Pages kept on either side of what is in view; what is farther off is read again when it comes near. */
const keptPages = 25;
/** The next page is read when this few rows are left below. */
const rowsAhead = 40;

export interface PageSource {
  fetch(page: { after: string | null; first: number }): Promise<PageResult>;
  /** Lets go of a page's tickets. */
  forget(page: { after: string | null; rows: readonly Row[] }): void;
}

export interface ListState {
  rows: readonly Row[];
  /** Rows that have left the list but stay in their place while the person reads. */
  leaving: ReadonlySet<number>;
  hasMore: boolean;
  /** `first`: nothing to show yet. `more`: the next page is on its way. */
  loading: 'first' | 'more' | null;
  /** What the last reading threw; null after one that worked. */
  error: unknown;
  /** Nothing may move at the moment. */
  reading: boolean;
  /** Tickets that arrived while the person reads. */
  arrivals: readonly Row[];
  /** When the list was last known to be true, as milliseconds since 1970; null before it was read. */
  asOf: number | null;
}

export class TicketList {
  readonly #order: TicketOrder;
  readonly #source: PageSource;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #model: ListModel | null = null;
  /** Read while the person was reading; shown with the next settle. */
  #fresh: ListModel | null = null;
  #loading: ListState['loading'] = null;
  #error: unknown = null;
  #asOf: number | null = null;
  #reading = false;
  /** Answers to an older reading than this are too late. */
  #generation = 0;
  #state: ListState = this.#derive();

  constructor(options: { order: TicketOrder; source: PageSource; now?: () => number }) {
    this.#order = options.order;
    this.#source = options.source;
    this.#now = options.now ?? Date.now;
  }

  readonly state = (): ListState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Reads the beginning anew. What is there stays until the answer comes, and after an error.
   * @param mayMove the person asked for it, so that rows may move even while being read.
   */
  async refresh({ mayMove }: { mayMove: boolean }): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = this.#model ? null : 'first';
    this.#error = null;
    this.#tell();
    try {
      const page = await this.#source.fetch({ after: null, first: pageSize });
      if (generation !== this.#generation) return;
      const model = firstPage(this.#order, page);
      if (this.#reading && this.#model && !mayMove) this.#fresh = model;
      else this.#replace(model);
      this.#asOf = this.#now();
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#error = error;
    }
    this.#loading = null;
    this.#tell();
  }

  #replace(model: ListModel): void {
    this.#model = model;
    this.#fresh = null;
  }

  /** While the person reads, nothing moves; what came meanwhile is shown by `settle`. */
  setReading(reading: boolean): void {
    if (reading === this.#reading) return;
    this.#reading = reading;
    if (!reading) this.settle();
    this.#tell();
  }

  /** Shows what waited. */
  settle(): void {
    if (!this.#model || (!this.#fresh && this.#model.pending.size === 0)) return;
    if (this.#fresh) this.#generation += 1;
    this.#replace(this.#fresh ?? settle(this.#model));
    this.#tell();
  }

  /**
   * Takes in changes of tickets.
   * @param workingOn the ticket that the person has open: its own changes are never a surprise.
   */
  apply(changes: readonly RowChange[], { workingOn }: { workingOn: number | null }): void {
    if (!this.#model || changes.length === 0) return;
    const own = changes.filter((change) => !this.#reading || change.id === workingOn);
    const others = changes.filter((change) => this.#reading && change.id !== workingOn);
    this.#model = applyLater(applyNow(this.#model, own), others);
    if (this.#fresh) this.#fresh = applyNow(this.#fresh, changes);
    this.#asOf = this.#now();
    this.#tell();
  }

  /** The changes have come in until now: so long was the list true. */
  vouch(): void {
    if (!this.#model || this.#error) return;
    this.#asOf = this.#now();
    this.#tell();
  }

  /** Says which rows are in view (indexes, both included): reads what is needed and lets go of what is far off. */
  show(first: number, last: number): void {
    if (!this.#model) return;
    let start = 0;
    const inView: number[] = [];
    const { pages } = this.#model;
    for (const [index, page] of pages.entries()) {
      const end = start + page.rows.length;
      if (start <= last && end > first) inView.push(index);
      start = end;
    }
    const from = inView[0] ?? pages.length - 1;
    const to = inView.at(-1) ?? pages.length - 1;
    for (const [index, page] of pages.entries()) {
      const distance = index < from ? from - index : index > to ? index - to : 0;
      if (distance <= 1 && page.presence === 'away') void this.#readAgain(page);
      if (distance > keptPages && page.presence === 'here') this.#letGo(page);
    }
    if (this.#model.hasMore && !this.#loading && !this.#error && last >= start - rowsAhead)
      void this.loadMore();
  }

  /** Reads the next page; also the way to try again after an error. */
  async loadMore(): Promise<void> {
    const model = this.#model;
    if (!model?.hasMore || this.#loading) return;
    const generation = this.#generation;
    this.#loading = 'more';
    this.#error = null;
    this.#tell();
    try {
      const page = await this.#source.fetch({ after: model.endCursor, first: pageSize });
      if (generation === this.#generation && this.#model) this.#model = withNextPage(this.#model, page);
    } catch (error) {
      if (generation === this.#generation) this.#error = error;
    }
    this.#loading = null;
    this.#tell();
  }

  async #readAgain(page: Page): Promise<void> {
    this.#mark(page, 'loading');
    const generation = this.#generation;
    try {
      const first = Math.min(Math.max(pageSize, page.rows.length), maxPageSize);
      const result = await this.#source.fetch({ after: page.after, first });
      if (generation !== this.#generation || !this.#model) return;
      this.#model = withPageAgain(this.#model, page.after, result);
      this.#tell();
    } catch {
      // Its rows stay skeletons; the next move of the list tries again.
      if (generation === this.#generation) this.#mark(page, 'away');
    }
  }

  #letGo(page: Page): void {
    this.#source.forget(page);
    this.#mark(page, 'away');
  }

  #mark({ after }: Page, presence: Page['presence']): void {
    if (!this.#model) return;
    this.#model = withPresence(this.#model, after, presence);
  }

  #derive(): ListState {
    const model = this.#model;
    const rows = model ? rowsOf(model) : [];
    const leaving = new Set([...(model?.pending ?? [])].filter(([, row]) => !row).map(([id]) => id));
    return {
      rows,
      leaving,
      hasMore: model?.hasMore ?? false,
      loading: this.#loading,
      error: this.#error,
      reading: this.#reading,
      arrivals: model ? this.#arrivals(model, rows) : [],
      asOf: this.#asOf,
    };
  }

  #arrivals(model: ListModel, rows: readonly Row[]): readonly Row[] {
    if (!this.#fresh) return arrivalsOf(model);
    const known = new Set(rows.map((row) => row.id));
    return rowsOf(this.#fresh).filter((row) => !known.has(row.id));
  }

  #tell(): void {
    this.#state = this.#derive();
    for (const listener of this.#listeners) listener();
  }
}
