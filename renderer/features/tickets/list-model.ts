/**
 * One list under a person's hands: what is known of the view, what is shown of it, what is held back, and where
 * the eye and the cursor are. Plain data, plain functions, without React.
 *
 * What is known is always complete and in order. While the eye is on the list, what is shown is kept as it was when
 * the eye came: all the rest is held back, and letting it in is to show what is known. So nothing can get lost in between.
 */
import type { OutboxChange, OutboxEntry } from '../../state/outbox-store.ts';
import type { OwnChange } from '../../state/own-changes.ts';
import { type ItemPanel, samePanel } from '../../state/panel-stack.ts';
import {
  allOld,
  type EndResult,
  gapOf,
  type Known,
  nothingKnown,
  type Order,
  type Page,
  type PageResult,
  pageOf,
  type Row,
  type RowChange,
  withAnswer,
  withChanges,
  withEnd,
  withPage,
} from './known-rows.ts';
import {
  createItem,
  difference,
  gapItems,
  isGap,
  knownAgain,
  type ListItem,
  newestFirst,
  notShown,
  onlyGrows,
  unlessWhole,
  wholeOf,
  withoutTickets,
} from './list-items.ts';
import { movedIndex, withinRead } from './movement.ts';

/** Why nothing may move: what of the person is in the list. */
export interface Eye {
  pointer: boolean;
  keyboard: boolean;
  scrolled: boolean;
}

/** The row that the keys act on. It may be an open ticket that this list does not show. */
export interface Cursor {
  at: ItemPanel;
  /** Where it stands in the list, or stood. */
  index: number;
  /** It has been in this list. */
  isListed: boolean;
}

export interface ListModel {
  known: Known;
  /** Creates whose ticket has not been seen, newest first: they stand above the view's order. */
  creates: readonly ListItem[];
  /** The requestId of a draft that is to be shown. */
  draft: string | null;
  /** All that belongs into the list, in its true place. */
  whole: readonly ListItem[];
  /** What is shown. */
  items: readonly ListItem[];
  eye: Eye;
  /** Tickets (ids) and creates (keys) that the person has changed here, until that is told: it shows at once. */
  own: ReadonlySet<number | string>;
  /** Creates that were stored when the first page was asked for: its answer has their tickets, or they are elsewhere. */
  storedBefore: ReadonlySet<string>;
  /** What is open beside the list. */
  open: ItemPanel | null;
  cursor: Cursor | null;
  /** The cursor goes to the first row, as soon as there is one and whichever it is then. */
  seeksTop: boolean;
}

const noEye: Eye = { pointer: false, keyboard: false, scrolled: false };

export function emptyList(order: Order): ListModel {
  return {
    known: nothingKnown(order),
    creates: [],
    draft: null,
    whole: [],
    items: [],
    eye: noEye,
    own: new Set(),
    storedBefore: new Set(),
    open: null,
    cursor: null,
    seeksTop: false,
  };
}

/** Whether what is shown must stay in its place. */
export function isHeld({ eye }: Pick<ListModel, 'eye'>): boolean {
  return eye.pointer || eye.keyboard || eye.scrolled;
}

/** How many rows are held back. */
export function heldBack({ whole, items }: ListModel): number {
  return whole === items ? 0 : notShown(items, whole).length;
}

/** The row that the cursor is on; null where it is on none that is shown. */
export function cursorItem({ items, cursor }: Pick<ListModel, 'items' | 'cursor'>): ListItem | null {
  const item = cursor ? items[cursor.index] : undefined;
  return item && cursor && isAt(item, cursor.at) ? item : null;
}

// --- what happens ---------------------------------------------------------------------

/** Tickets have changed. */
export function ticketsChanged(model: ListModel, changes: readonly RowChange[]): ListModel {
  const seen = new Set(changes.flatMap(({ id, requestId }) => (requestId === null ? [id] : [id, requestId])));
  const named = changes.map((change) => ({ ...change, row: change.row && keyed(model, change.row) }));
  const creates = model.creates.filter(({ key, id }) => !seen.has(key) && (id === null || !seen.has(id)));
  return ownSeen(next(model, { known: withChanges(model.known, named), creates }), seen);
}

/** A page is being read. */
export function pageAsked(model: ListModel, page: Page): ListModel {
  const asked = { ...model, known: withPage(model.known, page, { reading: true }) };
  if (page.after !== null) return asked;
  return {
    ...asked,
    storedBefore: new Set(model.creates.flatMap(({ id, key }) => (id === null ? [] : [key]))),
  };
}

/** A page could not be read. */
export function pageFailed(model: ListModel, page: Page): ListModel {
  return { ...model, known: withPage(model.known, page, { reading: false }) };
}

/** A page's tickets have been let go. */
export function pageLetGo(model: ListModel, page: Page): ListModel {
  return { ...model, known: withPage(model.known, page, { state: 'away' }) };
}

/** Everything is to be read again. */
export function allMissed(model: ListModel): ListModel {
  return { ...model, known: allOld(model.known) };
}

/** A page was read. What nobody had read before comes in below what is shown, and so moves nothing. */
export function pageRead(model: ListModel, page: Page, result: PageResult): ListModel {
  const known = withAnswer(model.known, page, {
    ...result,
    rows: result.rows.map((row) => keyed(model, row)),
  });
  const isElsewhere = ({ key }: ListItem) => page.after === null && model.storedBefore.has(key);
  const creates = model.creates.filter((create) => !isElsewhere(create));
  return unreadRead({ ...model, creates }, known, { backwards: false });
}

/** The end of the view was read, or what lies before what was read of it: that comes in below what is shown, too. */
export function endRead(model: ListModel, page: Page, result: EndResult): ListModel {
  const { beyond } = result;
  const known = withEnd(model.known, page, {
    ...result,
    rows: result.rows.map((row) => keyed(model, row)),
    beyond: beyond && { ...beyond, row: keyed(model, beyond.row) },
  });
  return unreadRead(model, known, { backwards: true });
}

function unreadRead(model: ListModel, known: Known, direction: { backwards: boolean }): ListModel {
  const read = next(model, { known, creates: withoutTickets(model.creates, known) });
  return isHeld(read) ? placed({ ...read, items: withUnread(model, read, direction) }) : read;
}

/** What is shown, and where nothing was read before, what is known there now. */
function withUnread(
  before: ListModel,
  now: ListModel,
  { backwards }: { backwards: boolean },
): readonly ListItem[] {
  if (now.items === now.whole) return now.items;
  const isNew = (item: ListItem) => item.kind === 'ticket' && pageOf(before.known, item).state === 'unread';
  const more = notShown(now.items, now.whole).filter(isNew);
  const gapAt = now.items.findIndex(isGap);
  const above = gapAt < 0 ? now.items : now.items.slice(0, gapAt);
  const below = gapAt < 0 ? [] : now.items.slice(gapAt + gapItems.length);
  const gap = gapOf(now.known) ? gapItems : [];
  if (more.length === 0 && gapAt < 0 && gap.length === 0) return now.items;
  return backwards ? [...above, ...gap, ...more, ...below] : [...above, ...more, ...gap, ...below];
}

/** The outbox was read as a whole: a create that is not in it has become a ticket, or has gone. */
export function outboxRead(model: ListModel, entries: readonly OutboxEntry[]): ListModel {
  const waiting = new Set(entries.map(({ requestId }) => requestId));
  const stored = model.creates.filter(({ key, id }) => id !== null && !waiting.has(key));
  const creates = withoutTickets([...stored, ...entries.map(createItem)], model.known);
  return next(model, { creates: newestFirst(creates) });
}

/** One create has changed, or left the outbox. */
export function createChanged(
  model: ListModel,
  { entry, removed }: Pick<OutboxChange, 'entry' | 'removed'>,
): ListModel {
  const others = model.creates.filter(({ key }) => key !== entry.requestId);
  const wasHere = others.length < model.creates.length;
  const gone = removed && entry.state !== 'STORED';
  const item = createItem(entry);
  // Stored before anybody saw it wait: its ticket comes by itself.
  const isTicket = withoutTickets([item], model.known).length === 0;
  const creates = gone || isTicket || (removed && !wasHere) ? others : [...others, item];
  return ownSeen(next(model, { creates: newestFirst(creates) }), new Set([entry.requestId]));
}

/** The draft of a new ticket has come or gone. */
export function draftIs(model: ListModel, draft: string | null): ListModel {
  return draft === model.draft ? model : next(model, { draft });
}

/** The person has done something here: it may come and go under the eye, now or when it is told. */
export function changedHere(model: ListModel, change: OwnChange): ListModel {
  if ('requestId' in change) return next(model, { own: new Set([...model.own, change.requestId]) });
  if ('restored' in change) return next(model, { own: new Set([...model.own, change.restored]) });
  if ('deleted' in change) return deletedHere(model, change.deleted);
  const { id, version } = change;
  const changed = next(model, { own: new Set([...model.own, id]) }, { goesOn: isOn(model, id) });
  const isTold = changed.known.rows.some((row) => row.id === id && isAsNew(row, version));
  return isTold ? ownSeen(changed, new Set([id])) : changed;
}

function deletedHere(model: ListModel, id: number): ListModel {
  const known = withChanges(model.known, [{ id, requestId: null, row: null }]);
  const gone = next(model, { known, own: new Set([...model.own, id]) }, { goesOn: isOn(model, id) });
  // Opened from elsewhere than this list, it has no place that another one takes.
  return gone.open?.kind === 'ticket' && gone.open.id === id ? openIs(gone, null) : gone;
}

/** Whether the cursor is on this ticket, where it stands in the list or stood. */
function isOn({ cursor }: ListModel, id: number): boolean {
  return cursor?.isListed === true && cursor.at.kind === 'ticket' && cursor.at.id === id;
}

function isAsNew(row: Row, version: number | null): boolean {
  return row.version !== null && version !== null && row.version >= version;
}

/** The eye has come or gone. When it has gone, what was held back comes in. */
export function eyeIs(model: ListModel, eye: Partial<Eye>): ListModel {
  const looking = { ...model, eye: { ...model.eye, ...eye } };
  const isSame = (Object.keys(eye) as (keyof Eye)[]).every((part) => eye[part] === model.eye[part]);
  if (isSame) return model;
  return isHeld(model) && !isHeld(looking) ? letIn(looking) : looking;
}

/** Shows everything in its true place. */
export function letIn(model: ListModel): ListModel {
  return placed({ ...model, items: model.whole });
}

/** The person goes to this list: the cursor goes to its first row, and what was open of another row is put away. */
export function toTop(model: ListModel): ListModel {
  return placed({ ...letIn(model), open: followsCursor(model.open) ? null : model.open, seeksTop: true });
}

/** The list was read as the person had asked for it: what it is now may be shown, and the cursor stays from here on. */
export function settled(model: ListModel): ListModel {
  const whole = letIn(model);
  return { ...whole, seeksTop: whole.seeksTop && whole.items.length === 0 };
}

/** Another ticket, or none, is open beside the list; the cursor is where it is. */
export function openIs(model: ListModel, open: ItemPanel | null): ListModel {
  if (samePanel(open, model.open)) return model;
  const cursor = open ? { at: open, index: model.cursor?.index ?? 0, isListed: false } : model.cursor;
  return next(model, { open, cursor, seeksTop: open ? false : model.seeksTop });
}

/** The cursor goes to this row, and takes an open ticket along. */
export function cursorTo(model: ListModel, index: number): ListModel {
  const item = model.items[index];
  if (!item || isGap(item)) return model;
  const at = panelOf(item);
  const open = followsCursor(model.open) ? at : model.open;
  return next(model, { cursor: { at, index, isListed: true }, open, seeksTop: false });
}

/** The row that a key of movement leads to; -1 for none. */
export function indexAfter(model: ListModel, key: string): number {
  const { items, cursor } = model;
  if (!cursor) return movedIndex(key, -1, items.length);
  // From between two rows, where an open ticket stood that has left the list, down is the one that took its place.
  const isBetween = cursorItem(model) === null && !key.endsWith('Up');
  const from = Math.min(cursor.index, items.length) - (isBetween ? 1 : 0);
  return withinRead(items, { from, to: movedIndex(key, from, items.length), key });
}

/** What opens an item beside the list. */
export function panelOf({ kind, id, key }: ListItem): ItemPanel {
  if (kind === 'draft') return { kind: 'new-ticket' };
  return id === null ? { kind: 'create', requestId: key } : { kind: 'ticket', id };
}

/** Beside a form that is being filled in the list can be looked through. */
function followsCursor(open: ItemPanel | null): boolean {
  return open !== null && open.kind !== 'new-ticket';
}

/** Whether this is the item that a panel shows. */
export function isAt(item: ListItem, at: ItemPanel): boolean {
  if (at.kind === 'ticket') return item.id === at.id;
  return at.kind === 'create' ? item.kind !== 'draft' && item.key === at.requestId : item.kind === 'draft';
}

// --- how it follows -------------------------------------------------------------------

type Cause = Partial<Pick<ListModel, 'known' | 'creates' | 'draft' | 'own' | 'open' | 'cursor' | 'seeksTop'>>;

/** The model after something has happened: what is whole, what of it is shown, and where the cursor is. */
function next(before: ListModel, cause: Cause, { goesOn } = { goesOn: false }): ListModel {
  const model = { ...before, ...cause };
  const isSame =
    model.known.rows === before.known.rows &&
    model.creates === before.creates &&
    model.draft === before.draft;
  if (!isSame) model.whole = wholeOf(model);
  // Where there is nothing, nothing can move.
  const holds = isHeld(model) && before.items.length > 0 && !onlyGrows(before, model.whole);
  const items = holds ? unlessWhole(heldItems(model), model.whole) : model.whole;
  // Where the person has just taken the cursor elsewhere, no row has left from under it.
  const wasOn = cause.cursor === undefined ? cursorItem(before) : null;
  return placed({ ...model, items }, { goesOn: goesOn || (wasOn !== null && isOwn(before, wasOn)) });
}

/** Everything shown stays where it is, as it is now; what the person has done comes and goes at once. */
function heldItems(model: ListModel): ListItem[] {
  const { items } = model;
  const { from, endOfA, endOfB } = difference(items, model.whole);
  const whole = model.whole.slice(from, endOfB);
  const now = knownAgain(whole);
  const held = items.slice(from, endOfA).flatMap((item) => {
    const current = now.get(item);
    if (current) return [current.key === item.key ? current : { ...current, key: item.key }];
    if (isGap(item)) return [item];
    if (isOwn(model, item)) return [];
    return [item.leaving ? item : { ...item, leaving: true }];
  });
  let shown = knownAgain(held);
  for (const item of whole.filter((item) => isOwn(model, item) && !shown.get(item)).reverse()) {
    const below = whole.slice(whole.indexOf(item) + 1).find((other) => shown.get(other));
    const place = below && shown.get(below);
    held.splice(place ? held.indexOf(place) : held.length, 0, item);
    shown = knownAgain(held);
  }
  return [...items.slice(0, from), ...held, ...items.slice(endOfA)];
}

function isOwn({ own }: ListModel, { kind, key, id }: ListItem): boolean {
  return kind === 'draft' || own.has(key) || (id !== null && own.has(id));
}

/** What the person did has been seen. */
function ownSeen(model: ListModel, seen: ReadonlySet<number | string>): ListModel {
  if (model.own.size === 0) return model;
  return { ...model, own: new Set([...model.own].filter((what) => !seen.has(what))) };
}

/**
 * Puts the cursor where its row is now. A row that has left hands it to the one that took its place; if that was
 * the person's doing (`goesOn`), with what is open. What is open and was taken out by others is still being read.
 */
function placed(model: ListModel, { goesOn } = { goesOn: false }): ListModel {
  const { items, cursor, open, seeksTop } = model;
  if (seeksTop) {
    const index = items.findIndex((item) => !isGap(item));
    return { ...model, cursor: items[index] ? { at: panelOf(items[index]), index, isListed: true } : null };
  }
  if (!cursor) return model;
  const index = cursorItem(model) ? cursor.index : items.findIndex((item) => isAt(item, cursor.at));
  if (index >= 0) return { ...model, cursor: { ...cursor, index, isListed: true } };
  const isOpen = samePanel(open, cursor.at);
  if (isOpen && !goesOn) return model;
  const behind = items.findIndex((item, at) => at >= cursor.index && !isGap(item));
  const heir = behind < 0 ? items.findLastIndex((item) => !isGap(item)) : behind;
  const item = items[heir];
  // From an empty list it goes on with the next row that comes.
  if (!item) return { ...model, open: isOpen ? null : open };
  const at = panelOf(item);
  return { ...model, cursor: { at, index: heir, isListed: true }, open: isOpen ? at : open };
}

/** A ticket keeps the key of the create that it was, also where the service does not tell which. */
function keyed({ creates }: ListModel, row: Row): Row {
  const create = creates.find(({ id }) => id === row.id);
  return create ? { ...row, key: create.key } : row;
}
