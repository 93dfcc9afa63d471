/** One list at work: reads its pages as they are needed, lets go of those far off, and tells what its model shows. */
import { nowMs } from '../../state/clock.ts';
import type { OutboxChange, OutboxEntry } from '../../state/outbox-store.ts';
import type { OwnChange } from '../../state/own-changes.ts';
import type { ItemPanel } from '../../state/panel-stack.ts';
import { Store } from '../../state/store.ts';
import {
  type EndResult,
  gapOf,
  type Order,
  type Page,
  type PageResult,
  pageIndexOf,
  type RowChange,
  rowsOf,
  unreadPage,
} from './known-rows.ts';
import { isGap, type ListItem } from './list-items.ts';
import {
  allMissed,
  changedHere,
  createChanged,
  cursorItem,
  cursorTo,
  draftIs,
  type Eye,
  emptyList,
  endRead,
  eyeIs,
  heldBack,
  indexAfter,
  type ListModel,
  letIn,
  openIs,
  outboxRead,
  pageAsked,
  pageFailed,
  pageLetGo,
  pageRead,
  settled,
  ticketsChanged,
  toTop,
} from './list-model.ts';

export const pageSize = 100;
/** Pages kept on either side of what is in view; what is farther off is read again when it comes near. */
const keptPages = 25;
/** The next page is read when this few rows are left below. */
const rowsAhead = 40;

export interface PageSource {
  fetch(page: { after: string | null; first: number }): Promise<PageResult>;
  /** The last rows of the view, or those before a cursor. */
  fetchEnd(page: { before: string | null; last: number }): Promise<EndResult>;
  /** Lets go of a page's tickets. */
  forget(page: { after: string | null; ids: readonly number[] }): void;
}

export interface ListState {
  items: readonly ListItem[];
  /** The row that the keys act on; -1 where it is none of these. */
  cursorIndex: number;
  /** What is to be open beside the list: it goes where the cursor goes. */
  open: ItemPanel | null;
  /** How many rows wait until nothing is read any more. */
  heldBack: number;
  /** Tickets of the view that have been read. */
  ticketsRead: number;
  hasMore: boolean;
  /** The last row is that of the view, though there may be a gap before it. */
  isEndKnown: boolean;
  /** `first`: nothing to show yet. `again`: it may be old. `more`: the next page is on its way. */
  loading: 'first' | 'again' | 'more' | null;
  /** What the last reading threw; null after one that worked. */
  error: unknown;
  /** When the list was last known to be true, as milliseconds since 1970; null before it was read. */
  asOf: number | null;
}

export class TicketList extends Store<ListState> {
  readonly #source: PageSource;
  readonly #now: () => number;
  #model: ListModel;
  #loading: ListState['loading'] = null;
  #error: unknown = null;
  #asOf: number | null = null;
  /** Answers to an older reading than this are too late. */
  #generation = 0;
  /** The person has asked for what is read since. */
  #mayMove = false;
  /** What was asked for last. */
  #turn: Promise<boolean> = Promise.resolve(true);

  constructor(options: { order: Order; source: PageSource; now?: () => number }) {
    const model = emptyList(options.order);
    super(shownState(model, { loading: null, error: null, asOf: null }));
    this.#model = model;
    this.#source = options.source;
    this.#now = options.now ?? nowMs;
  }

  /**
   * Reads everything anew: the beginning now, the rest as it comes near. What is there stays until the answer comes.
   * @param mayMove the person asked for it, so that rows may move even while being read.
   */
  async refresh({ mayMove }: { mayMove: boolean }): Promise<void> {
    this.#generation += 1;
    this.#mayMove ||= mayMove;
    this.#model = allMissed(this.#model);
    const first = this.#model.known.pages[0] as Page;
    this.#loading = first.state === 'unread' ? 'first' : 'again';
    if (!(await this.#read(first)) || !this.#mayMove) return;
    this.#mayMove = false;
    this.#change(settled);
  }

  /** Takes in changes of tickets. */
  apply(changes: readonly RowChange[]): void {
    if (changes.length === 0) return;
    this.#asOf = this.#asOf === null ? null : this.#now();
    this.#change((model) => ticketsChanged(model, changes));
  }

  readonly readOutbox = (entries: readonly OutboxEntry[]) =>
    this.#change((model) => outboxRead(model, entries));
  readonly applyCreate = (change: Pick<OutboxChange, 'entry' | 'removed'>) =>
    this.#change((model) => createChanged(model, change));
  readonly noteOwn = (change: OwnChange) => this.#change((model) => changedHere(model, change));
  readonly setDraft = (requestId: string | null) => this.#change((model) => draftIs(model, requestId));
  readonly setEye = (eye: Partial<Eye>) => this.#change((model) => eyeIs(model, eye));
  readonly setOpen = (open: ItemPanel | null) => this.#change((model) => openIs(model, open));
  readonly moveCursor = (index: number) => this.#change((model) => cursorTo(model, index));
  /** Shows what waits. */
  readonly letIn = () => this.#change(letIn);
  /** The row that a key of movement leads to; -1 for none. */
  readonly indexAfter = (key: string) => indexAfter(this.#model, key);

  /** The person goes to this list, from another one or from the search box. */
  goToTop(): void {
    this.#change(toTop);
    // While it is being read anew its first row may be another one.
    if (!this.#model.known.pages[0]?.reading) this.#change(settled);
  }

  /** The link has brought every change until now: up to this moment the list was true. */
  markTrue(): void {
    if (this.#asOf === null || this.#error) return;
    this.#asOf = this.#now();
    this.#tell();
  }

  /** Says which rows are in view (indexes, both included): reads what is needed and lets go of what is far off. */
  show(first: number, last: number): void {
    const { items, known } = this.#model;
    const inView = items.slice(Math.max(0, first), last + 1);
    const at = inView.flatMap((item) => (item.kind === 'ticket' ? [pageIndexOf(known, item)] : []));
    const from = Math.min(...at, known.pages.length - 1);
    const to = Math.max(...at, 0);
    for (const [index, page] of known.pages.entries()) {
      const distance = index < from ? from - index : index > to ? index - to : 0;
      if (distance <= 1 && page.state === 'away' && !page.reading) void this.#readAgain(page);
      if (distance > keptPages && page.state === 'here') this.#letGo(page);
    }
    if (this.#error) return;
    const gapAt = items.findIndex(isGap);
    const end = gapAt < 0 ? items.length : gapAt;
    // Where the eye is above a gap it goes down into it, and else up; where all rows have left there are more to read.
    if ((first < end || items.length === 0) && last >= end - rowsAhead) void this.loadMore();
    else if (gapAt >= 0 && first >= gapAt && first < gapAt + rowsAhead) void this.#readBackwards();
  }

  /**
   * Reads the last rows of the view, if they are not known, and once more if the list is meanwhile read anew.
   * Answers whether they are known then; if not, reading failed.
   */
  async readEnd(): Promise<boolean> {
    do {
      // What is being read may be the last of it.
      await this.#turn;
      if (this.state().isEndKnown || (await this.#readBackwards())) return true;
    } while (!this.#error);
    return false;
  }

  /** Reads again what could not be read. */
  retry(): void {
    if (this.#model.known.pages[0]?.state === 'here') void this.loadMore();
    else void this.refresh({ mayMove: true });
  }

  /** Reads the next page. */
  async loadMore(): Promise<void> {
    const page = unreadPage(this.#model.known);
    // The first page is read by `refresh`.
    if (!page || page.after === null || page.reading) return;
    this.#loading = 'more';
    await this.#read(page);
  }

  /** Reads the rows before those that were read from the end; the last ones when there are none. */
  async #readBackwards(): Promise<boolean> {
    const gap = unreadPage(this.#model.known);
    if (!gap || gap.reading) return false;
    this.#loading = 'more';
    return this.#ask(gap, async () => {
      const result = await this.#source.fetchEnd({ before: gap.before, last: pageSize });
      return (model) => endRead(model, gap, result);
    });
  }

  /** Reads a page for the person to see. Answers whether it was read. */
  #read(page: Page): Promise<boolean> {
    return this.#ask(page, async () => {
      const result = await this.#source.fetch({ after: page.after, first: pageSize });
      return (model) => {
        if (page.after === null) this.#asOf = result.asOf ?? this.#now();
        return pageRead(model, page, result);
      };
    });
  }

  /** @param fetch what the model is after the answer */
  #ask(page: Page, fetch: () => Promise<(model: ListModel) => ListModel>): Promise<boolean> {
    this.#error = null;
    const generation = this.#generation;
    this.#change((model) => pageAsked(model, page));
    const turn = fetch().then(
      (answered) => {
        if (generation !== this.#generation) return false;
        this.#loading = null;
        this.#change(answered);
        return true;
      },
      (error: unknown) => {
        if (generation !== this.#generation) return false;
        this.#loading = null;
        this.#error = error;
        this.#change((model) => pageFailed(model, page));
        return false;
      },
    );
    this.#turn = turn;
    return turn;
  }

  async #readAgain(page: Page): Promise<void> {
    const generation = this.#generation;
    this.#model = pageAsked(this.#model, page);
    try {
      const result = await this.#source.fetch({ after: page.after, first: pageSize });
      if (generation === this.#generation) this.#change((model) => pageRead(model, page, result));
    } catch {
      // Its rows stay as they are; the next move of the list tries again.
      if (generation === this.#generation) this.#model = pageFailed(this.#model, page);
    }
  }

  #letGo(page: Page): void {
    const ids = rowsOf(this.#model.known, page).map(({ id }) => id);
    this.#source.forget({ after: page.after, ids });
    this.#model = pageLetGo(this.#model, page);
  }

  #change(change: (model: ListModel) => ListModel): void {
    const changed = change(this.#model);
    if (changed === this.#model) return;
    this.#model = changed;
    this.#tell();
  }

  #tell(): void {
    this.set(shownState(this.#model, { loading: this.#loading, error: this.#error, asOf: this.#asOf }));
  }
}

/** What the list shows of its model, and how its reading stands. */
function shownState(model: ListModel, reading: Pick<ListState, 'loading' | 'error' | 'asOf'>): ListState {
  const hasMore = model.known.pages[0]?.state !== 'unread' && unreadPage(model.known) !== null;
  return {
    ...reading,
    items: model.items,
    cursorIndex: cursorItem(model) ? (model.cursor?.index ?? -1) : -1,
    open: model.open,
    heldBack: heldBack(model),
    ticketsRead: model.known.rows.length,
    hasMore,
    isEndKnown: !hasMore || gapOf(model.known) !== null,
  };
}
