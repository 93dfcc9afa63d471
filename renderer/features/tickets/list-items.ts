/** The lines of the list, and how they are made of tickets and creates. */
import type { OutboxEntry } from '../../state/outbox-store.ts';
import { gapOf, type Known, pageOf, type Row } from './known-rows.ts';

/** One line of the list: the draft of a new ticket, a create that waits, a ticket, or of what was not read yet. */
export interface ListItem {
  /** The same through all of them: the requestId, where there is one. */
  key: string;
  kind: 'draft' | 'create' | 'ticket' | 'gap';
  /** The ticket's; of a create once it is stored. */
  id: number | null;
  /** A create's text and state, until its ticket is known. */
  entry: OutboxEntry | null;
  /** Where a ticket stands in the view. */
  row: Row | null;
  /** It has left the view, and stays in its place for the eye. */
  leaving: boolean;
}

/** Finds an item again among these: by its key, or by its ticket where the service tells no requestId. */
export function knownAgain(items: readonly ListItem[]): { get(item: ListItem): ListItem | undefined } {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const byId = new Map(items.map((item) => [item.id, item]));
  return { get: ({ key, id }) => byKey.get(key) ?? (id === null ? undefined : byId.get(id)) };
}

// The same item for the same row or entry, so that only what has changed is drawn again.
const itemOf = new WeakMap<Row | OutboxEntry, ListItem>();

export function ticketItem(row: Row): ListItem {
  return same(row, { key: row.key, kind: 'ticket', id: row.id, entry: null, row, leaving: false });
}

export function createItem(entry: OutboxEntry): ListItem {
  const { requestId: key, id } = entry;
  return same(entry, { key, kind: 'create', id, entry, row: null, leaving: false });
}

function same(source: Row | OutboxEntry, made: ListItem): ListItem {
  const item = itemOf.get(source) ?? made;
  itemOf.set(source, item);
  return item;
}

export function draftItem(key: string): ListItem {
  return { key, kind: 'draft', id: null, entry: null, row: null, leaving: false };
}

/** In place of the rows between those that were read from the beginning and those from the end. */
export const gapItems: readonly ListItem[] = ['a', 'b', 'c'].map((name) => ({
  key: `gap-${name}`,
  kind: 'gap',
  id: null,
  entry: null,
  row: null,
  leaving: false,
}));

export function isGap({ kind }: ListItem): boolean {
  return kind === 'gap';
}

/** Whether it can be acted on together with others: it has its number, and has not left the view. */
export function isChoosable({ id, leaving }: ListItem): boolean {
  return id !== null && !leaving;
}

export function newestFirst(creates: ListItem[]): ListItem[] {
  const time = ({ entry }: ListItem) => entry?.createdAt ?? '';
  return creates.sort((a, b) => compare(time(b), time(a)) || compare(b.key, a.key));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
  const isFiled = creates.some(({ key }) => key === draft) || known.rows.some(({ key }) => key === draft);
  const drafts = draft === null || isFiled ? [] : [draftItem(draft)];
  const rows = known.rows.map(ticketItem);
  const from = gapOf(known)?.from;
  if (from) {
    const behind = known.rows.findIndex((row) => known.order(from, row) < 0);
    rows.splice(behind < 0 ? rows.length : behind, 0, ...gapItems);
  }
  return [...drafts, ...creates, ...rows];
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
  const shown = items.filter((item) => !isGap(item));
  let at = 0;
  for (const item of whole) {
    if (item === shown[at]) at += 1;
    else if (!isGap(item) && (!item.row || pageOf(known, item.row).state !== 'unread')) return false;
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
