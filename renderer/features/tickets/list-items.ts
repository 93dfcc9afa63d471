/** The lines of the list, and how they are made of tickets and creates. */
import { compareTexts } from '../../../proto/ticket-order.ts';
import type { OutboxEntry } from '../../state/outbox-store.ts';
import { countFirst, gapOf, type Known, pageOf, type Row } from './known-rows.ts';

/** One line of the list: the draft of a new ticket, a create that waits, a ticket, or of what was not read yet. */
export type ListItem = Row | OtherItem;

interface OtherItem {
  kind: 'draft' | 'create' | 'gap';
  /** The same through all of them: the requestId, where there is one. */
  key: string;
  /** Of a create once it is stored. */
  id: number | null;
  /** A create's text and state, until its ticket is known. */
  entry: OutboxEntry | null;
  leaving: boolean;
}

/** Finds an item again among these: by its key, or by its ticket where the service tells no requestId. */
export function knownAgain(items: readonly ListItem[]): { get(item: ListItem): ListItem | undefined } {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const byId = new Map(items.map((item) => [item.id, item]));
  return { get: ({ key, id }) => byKey.get(key) ?? (id === null ? undefined : byId.get(id)) };
}

// The same item for the same entry, so that only what has changed is drawn again.
const createItems = new WeakMap<OutboxEntry, ListItem>();

export function createItem(entry: OutboxEntry): ListItem {
  const { requestId: key, id } = entry;
  const item = createItems.get(entry) ?? { key, kind: 'create', id, entry, leaving: false };
  createItems.set(entry, item);
  return item;
}

export function draftItem(key: string): ListItem {
  return { key, kind: 'draft', id: null, entry: null, leaving: false };
}

/** In place of the rows between those that were read from the beginning and those from the end. */
export const gapItems: readonly ListItem[] = ['a', 'b', 'c'].map((name) => ({
  key: `gap-${name}`,
  kind: 'gap',
  id: null,
  entry: null,
  leaving: false,
}));

export function isGap({ kind }: ListItem): boolean {
  return kind === 'gap';
}

/** Whether it can be acted on together with others: it has its number, and has not left the view. */
export function isChoosable({ id, leaving }: ListItem): boolean {
  return id !== null && !leaving;
}

export function newestFirst(creates: readonly ListItem[]): ListItem[] {
  const time = ({ entry }: ListItem) => entry?.createdAt ?? '';
  return [...creates].sort((a, b) => compareTexts(time(b), time(a)) || compareTexts(b.key, a.key));
}

/** All that belongs into a list, in its true place. */
export function wholeOf({
  known,
  creates,
  draft,
}: {
  known: Known;
  creates: readonly ListItem[];
  draft: string | null;
}): ListItem[] {
  const { order, rows } = known;
  const isFiled = (key: string) =>
    creates.some((create) => create.key === key) || rows.some((row) => row.key === key);
  const drafts = draft === null || isFiled(draft) ? [] : [draftItem(draft)];
  const from = gapOf(known)?.from;
  const gapAt = from ? countFirst(rows, (row) => order(row, from) <= 0) : rows.length;
  const gap = from ? gapItems : [];
  return ([] as ListItem[]).concat(drafts, creates, rows.slice(0, gapAt), gap, rows.slice(gapAt));
}

/** The creates whose ticket is not known. */
export function withoutTickets(creates: readonly ListItem[], { rows }: Known): readonly ListItem[] {
  if (creates.length === 0) return creates;
  const keys = new Set(creates.map(({ key }) => key));
  const ids = new Set(creates.map(({ id }) => id));
  const tickets = knownAgain(rows.filter(({ key, id }) => keys.has(key) || ids.has(id)));
  return creates.filter((create) => !tickets.get(create));
}

/** Where two lists differ: from here, to there in the one and in the other. In the rest they hold the same items. */
export function difference(
  a: readonly ListItem[],
  b: readonly ListItem[],
): { from: number; endOfA: number; endOfB: number } {
  let from = 0;
  let [endOfA, endOfB] = [a.length, b.length];
  while (from < endOfA && from < endOfB && a[from] === b[from]) from += 1;
  while (endOfA > from && endOfB > from && a[endOfA - 1] === b[endOfB - 1]) {
    endOfA -= 1;
    endOfB -= 1;
  }
  return { from, endOfA, endOfB };
}

/** What of the whole is not shown. */
export function notShown(items: readonly ListItem[], whole: readonly ListItem[]): ListItem[] {
  const { from, endOfA, endOfB } = difference(items, whole);
  const shown = knownAgain(items.slice(from, endOfA));
  return whole.slice(from, endOfB).filter((item) => !isGap(item) && !shown.get(item));
}

interface Shown {
  known: Known;
  whole: readonly ListItem[];
  items: readonly ListItem[];
}

/**
 * Whether the whole is what was shown, and more only where nothing had been read: then nothing moves when it is shown.
 * A long list is read page by page by this alone.
 */
export function onlyGrows({ known, whole: before, items }: Shown, whole: readonly ListItem[]): boolean {
  if (items !== before) return false;
  const { from, endOfA, endOfB } = difference(items, whole);
  const shown = items.slice(from, endOfA).filter((item) => !isGap(item));
  let at = 0;
  for (const item of whole.slice(from, endOfB)) {
    if (item === shown[at]) at += 1;
    else if (!isGap(item) && (item.kind !== 'ticket' || pageOf(known, item).state !== 'unread')) return false;
  }
  return at === shown.length;
}

/**
 * Whether something is held back is then seen at once, however long the list is. Where all that was shown has gone,
 * nothing can move, and the whole is shown.
 */
export function unlessWhole(items: readonly ListItem[], whole: readonly ListItem[]): readonly ListItem[] {
  const isWhole = items.length === whole.length && items.every((item, at) => item === whole[at]);
  return isWhole || items.length === 0 ? whole : items;
}
