/** What may happen to a list, made from a seed. */
import { seededRandom } from '../../../../backend/testing/random.ts';
import type { OutboxEntry } from '../../../state/outbox-store.ts';
import { waitingEntry } from '../../../testing/outbox-entry.ts';
import { type EndResult, type Page, type Row, type RowChange, ticketRow, unreadPage } from '../known-rows.ts';
import {
  allMissed,
  changedHere,
  createChanged,
  cursorItem,
  cursorTo,
  draftIs,
  emptyList,
  endRead,
  eyeIs,
  indexAfter,
  type ListModel,
  letIn,
  openIs,
  outboxRead,
  pageAsked,
  pageFailed,
  pageLetGo,
  pageRead,
  panelOf,
  settled,
  ticketsChanged,
  toTop,
} from '../list-model.ts';
import { type orders, type Ticket, text } from './orders.ts';

/** A service with its feed, a person, and the list between them. */
export class World {
  model: ListModel;
  readonly #random: () => number;
  readonly #order: (typeof orders)[keyof typeof orders];
  readonly #pageSize: number;
  /** A service of the base contract tells neither changes nor requestIds: the list is read again now and then. */
  readonly #isOlder: boolean;
  readonly #tickets = new Map<number, Ticket>();
  readonly #deleted: Ticket[] = [];
  readonly #outbox = new Map<string, OutboxEntry>();
  /** What has happened and is not yet told, in its order: changes of tickets, and of the outbox. */
  #ticketFeed: RowChange[] = [];
  #outboxFeed: { entry: OutboxEntry; removed: boolean }[] = [];
  /** Readings whose answer is on its way. */
  #readings: { page: Page; answered: (model: ListModel) => ListModel }[] = [];
  #clock = 100;
  #nextId = 1;
  #draft: string | null = null;

  constructor(seed: number, order: (typeof orders)[keyof typeof orders]) {
    this.#random = seededRandom(seed).next;
    this.#order = order;
    this.#pageSize = 2 + this.#pick(6);
    this.#isOlder = this.#random() < 0.2;
    this.model = emptyList(order.order);
    for (let count = this.#pick(30); count > 0; count -= 1) this.#store(null);
    this.#ticketFeed = [];
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #one<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#pick(items.length)];
  }

  #row(ticket: Ticket): Row {
    const key = ticket.requestId ?? `ticket-${ticket.id}`;
    return ticketRow({ id: ticket.id, key, version: ticket.version, sortKey: this.#order.sortKey(ticket) });
  }

  /** The second model: what fits, sorted. */
  view(): Row[] {
    const open = [...this.#tickets.values()].filter((ticket) => ticket.open);
    return open.map((ticket) => this.#row(ticket)).sort(this.#order.order);
  }

  waiting(): string[] {
    return [...this.#outbox.values()].reverse().map(({ requestId }) => requestId);
  }

  get draft(): string | null {
    return this.#draft;
  }

  read(page: Page) {
    const view = this.view();
    const from = page.from;
    const after = from ? view.filter((row) => this.#order.order(from, row) < 0) : view;
    const rows = after.slice(0, this.#pageSize);
    const last = rows.at(-1);
    const hasNextPage = after.length > rows.length;
    return { rows, hasNextPage, endCursor: last ? `${last.sortKey}/${last.id}` : null, asOf: null };
  }

  readEnd(gap: Page): EndResult {
    const { order } = this.#order;
    const [, sortKey = '', id] = /^(.*)\/(\d+)$/.exec(gap.before ?? '') ?? [];
    const place = ticketRow({ key: '', version: null, sortKey, id: Number(id) });
    const view = gap.before === null ? this.view() : this.view().filter((row) => order(row, place) < 0);
    const last = view.slice(-this.#pageSize - 1);
    const cursors = last.map((row) => `${row.sortKey}/${row.id}`);
    const [row, cursor] = [last[0], cursors[0]];
    if (last.length <= this.#pageSize || !row || !cursor)
      return { rows: last, beyond: null, startCursor: null, asOf: null };
    return { rows: last.slice(1), beyond: { row, cursor }, startCursor: cursors[1] ?? null, asOf: null };
  }

  #tell(ticket: Ticket, gone = false): void {
    const row = gone || !ticket.open ? null : this.#row(ticket);
    this.#ticketFeed.push({ id: ticket.id, requestId: ticket.requestId, row });
  }

  #store(requestId: string | null, filedAt = this.#clock++): Ticket {
    const id = this.#nextId++;
    const at = { createdAt: filedAt, updatedAt: this.#clock++ };
    const ticket = { id, requestId, version: 1, open: true, priority: this.#pick(4), ...at };
    this.#tickets.set(id, ticket);
    this.#tell(ticket);
    return ticket;
  }

  #change(ticket: Ticket | undefined): void {
    if (!ticket) return;
    ticket.version += 1;
    ticket.updatedAt = this.#clock++;
    if (this.#random() < 0.4) ticket.open = !ticket.open;
    if (this.#random() < 0.3) ticket.priority = this.#pick(4);
    this.#tell(ticket);
  }

  #delete(ticket: Ticket | undefined): void {
    if (!ticket) return;
    this.#tickets.delete(ticket.id);
    this.#deleted.push(ticket);
    this.#tell(ticket, true);
  }

  #restore({ here }: { here: boolean }): void {
    const ticket = this.#deleted.at(-1);
    // Nobody has deleted here what is still a create here.
    const isCreate = this.model.creates.some(({ key }) => key === ticket?.requestId);
    if (!ticket || (here && isCreate)) return;
    this.#deleted.pop();
    ticket.version += 1;
    this.#tickets.set(ticket.id, ticket);
    this.#tell(ticket);
    if (here) this.model = changedHere(this.model, { restored: ticket.id });
  }

  #file(): void {
    const requestId = `request-${this.#clock}`;
    const at = text(this.#clock++);
    const entry = waitingEntry({ requestId, createdAt: at });
    this.#outbox.set(requestId, entry);
    this.#outboxFeed.push({ entry, removed: false });
    if (this.#random() < 0.6) this.model = changedHere(this.model, { requestId });
  }

  /** The oldest create becomes a ticket, or is dropped. */
  #send(): void {
    const [entry] = this.#outbox.values();
    if (!entry) return;
    this.#outbox.delete(entry.requestId);
    if (this.#random() < 0.15) {
      this.#outboxFeed.push({ entry, removed: true });
      return;
    }
    const { id } = this.#store(this.#isOlder ? null : entry.requestId, Number(entry.createdAt));
    this.#outboxFeed.push({ entry: { ...entry, state: 'STORED', id }, removed: true });
  }

  /** News of a create comes before that of its ticket. */
  #deliver(count: number): void {
    const filed = this.#outboxFeed.findLastIndex(({ removed }) => !removed);
    this.#deliverOutbox(filed + 1);
    if (this.#isOlder) this.#reconnect();
    else this.model = ticketsChanged(this.model, this.#ticketFeed.splice(0, count));
  }

  #deliverOutbox(count: number): void {
    for (const change of this.#outboxFeed.splice(0, count)) this.model = createChanged(this.model, change);
  }

  /** Asks for a page that is to be read; the answer is what the service has now. */
  #ask(): void {
    const page = this.#one(
      this.model.known.pages.filter(({ state, reading }) => state !== 'here' && !reading),
    );
    if (!page) return;
    this.#read(page);
  }

  #read(page: Page): void {
    const answer = this.read(page);
    this.model = pageAsked(this.model, page);
    this.#readings.push({ page, answered: (model) => pageRead(model, page, answer) });
  }

  /** Asks for the end of the view, or for what lies before what was read of it. */
  #askEnd(): void {
    const gap = unreadPage(this.model.known);
    if (!gap || gap.after === null || gap.reading) return;
    const answer = this.readEnd(gap);
    this.model = pageAsked(this.model, gap);
    this.#readings.push({ page: gap, answered: (model) => endRead(model, gap, answer) });
  }

  #answer(): void {
    const [reading] = this.#readings.splice(this.#pick(this.#readings.length), 1);
    if (!reading) return;
    this.model = this.#random() < 0.15 ? pageFailed(this.model, reading.page) : reading.answered(this.model);
  }

  /** Changes are lost, and the list is read again. */
  #reconnect(): void {
    this.#ticketFeed = [];
    if (!this.#isOlder) this.#outboxFeed = [];
    this.#readings = [];
    this.model = outboxRead(allMissed(this.model), [...this.#outbox.values()]);
    this.#read(this.model.known.pages[0] as Page);
  }

  /** Something happens. Answers whether it was the person who did it. */
  step(): { own: boolean } {
    const all = [...this.#tickets.values()];
    const { cursor } = this.model;
    const happenings: [weight: number, run: () => void, own?: 'own'][] = [
      [6, () => this.#store(this.#random() < 0.7 ? `elsewhere-${this.#clock}` : null)],
      [5, () => this.#change(this.#one(all))],
      [2, () => this.#delete(this.#one(all))],
      [1, () => this.#restore({ here: false })],
      [1, () => this.#restore({ here: true }), 'own'],
      [3, () => this.#file()],
      [4, () => this.#send()],
      [10, () => this.#deliver(1 + this.#pick(5))],
      [5, () => this.#deliverOutbox(1 + this.#pick(3)), 'own'],
      [6, () => this.#ask()],
      [4, () => this.#askEnd()],
      [6, () => this.#answer()],
      [0.5, () => this.#reconnect()],
      [1, () => this.#letGo()],
      [3, () => this.#see({ pointer: this.#random() < 0.5 }), 'own'],
      [3, () => this.#see({ keyboard: this.#random() < 0.5 }), 'own'],
      [1, () => this.#see({ scrolled: this.#random() < 0.5 }), 'own'],
      [1, () => this.#do(letIn(this.model)), 'own'],
      [0.3, () => this.#do(toTop(this.model)), 'own'],
      [0.3, () => this.#do(settled(this.model)), 'own'],
      [1, () => this.#do(draftIs(this.model, this.#setDraft())), 'own'],
      [4, () => this.#move(), 'own'],
      [3, () => this.#open(), 'own'],
      [1, () => this.#do(openIs(this.model, null)), 'own'],
      [3, () => this.#act(cursor && 'id' in cursor.at ? cursor.at.id : null), 'own'],
    ];
    let left = this.#random() * happenings.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, run, own] of happenings) {
      left -= weight;
      if (left >= 0) continue;
      run();
      return { own: own === 'own' };
    }
    return { own: false };
  }

  #do(model: ListModel): void {
    this.model = model;
  }

  #see(eye: Parameters<typeof eyeIs>[1]): void {
    this.model = eyeIs(this.model, eye);
  }

  #setDraft(): string | null {
    this.#draft = this.#draft === null ? `draft-${this.#clock++}` : null;
    return this.#draft;
  }

  #letGo(): void {
    const page = this.#one(this.model.known.pages.filter(({ state }) => state === 'here'));
    if (page) this.model = pageLetGo(this.model, page);
  }

  #move(): void {
    const key = this.#one(['ArrowDown', 'ArrowUp', 'End', 'Home', 'PageDown']) as string;
    this.model = cursorTo(this.model, indexAfter(this.model, key));
  }

  #open(): void {
    const item = cursorItem(this.model);
    if (item) this.model = openIs(this.model, panelOf(item));
  }

  /** The person changes or deletes a ticket; whichever comes first, the answer or the feed. */
  #act(id: number | null): void {
    const ticket = id === null ? undefined : this.#tickets.get(id);
    if (!ticket) return;
    const deletes = this.#random() < 0.5;
    if (deletes) this.#delete(ticket);
    else this.#change(ticket);
    if (this.#random() < 0.5) this.#deliver(1_000);
    this.model = changedHere(this.model, deletes ? { deleted: ticket.id } : ticket);
  }

  /** Everything is told and read, and nobody looks any more. */
  finish(): void {
    this.#deliverOutbox(1_000);
    this.#deliver(1_000);
    while (this.#readings.length > 0) this.#answer();
    for (let readings = 0; ; readings += 1) {
      const page = this.model.known.pages.find(({ state }) => state !== 'here');
      if (!page) break;
      if (readings > 1_000) throw new Error('it is never read to its end');
      this.model = pageRead(pageAsked(this.model, page), page, this.read(page));
    }
    this.model = letIn(this.model);
  }
}
