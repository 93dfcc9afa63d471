/** What a view is in the page, built in or saved; and what it asks for. */
import { builtInViews } from '../../proto/built-in-views.ts';
import { isTerm, parseQuery } from '../../proto/search-language.ts';
import { tokensOf } from '../../proto/search-tokens.ts';
import { type TicketOrder, ticketOrders } from '../../proto/ticket-fields.ts';
import { quoted } from '../../proto/visible-text.ts';
import type { ViewFieldsFragment } from '../graphql/generated/operations.ts';
import { type CommandId, commands } from './command-registry.ts';

export interface View {
  id: string;
  name: string;
  kind: 'built-in' | 'own' | 'shared';
  /** In the language of the search box. */
  query: string;
  /** Null: as the person has it. */
  order: TicketOrder | null;
  /** The names of those that are shown; null: as the person has them. */
  columns: readonly string[] | null;
  /** A letter or digit that leads to it behind `g`, unless another comes first: see keysTo(). */
  key: string | null;
  /** 0 of one that is built in. */
  version: number;
}

export const builtIn: readonly View[] = builtInViews.map(({ order = null, ...view }) => ({
  ...view,
  order,
  kind: 'built-in',
  columns: null,
  key: commands.find(({ id }) => id === viewCommand(view))?.key?.slice(-1) ?? null,
  version: 0,
}));

/** What stands behind `g` in the keys of commands. */
export const goKeys: ReadonlySet<string> = new Set(
  commands.flatMap(({ key }) => (key?.startsWith('g ') ? [key.slice(2)] : [])),
);

/** What leads to a saved view: a letter leads to the first of all views that has it, and where a command has it to none. */
export function keysTo(view: View, views: readonly View[]): string | null {
  const { key } = view;
  if (key === null || goKeys.has(key)) return null;
  return views.find((other) => other.key === key) === view ? `g ${key}` : null;
}

/** That leads to a view which is built in. */
export function viewCommand({ id }: Pick<View, 'id'>): CommandId {
  return `view-${id}` as CommandId;
}

export const openView = builtIn[0] as View;

/** As the service has it. */
export function savedView({ shared, order, columns, ...view }: ViewFieldsFragment): View {
  return {
    ...{ id: view.id, name: view.name, query: view.query, key: view.key, version: view.version },
    kind: shared ? 'shared' : 'own',
    order: `${order.by}_${order.direction}`,
    columns: columns.length === 0 ? null : columns,
  };
}

/** Kept of the view that is shown: the next start shows it before the other views are read. */
export function viewText(view: View): string {
  return view.kind === 'built-in' ? view.id : JSON.stringify(view);
}

/** @param text as viewText() made it, by whatever version of this page */
export function viewIn(text: string | null): View {
  const known = builtIn.find(({ id }) => id === text);
  if (known || text === null) return known ?? openView;
  try {
    const { id, name, query, ...rest } = JSON.parse(text) as View;
    if ([id, name, query].some((value) => typeof value !== 'string')) return openView;
    const { kind = 'own', order = null, columns = null, key = null, version = 0 } = rest;
    const isKnown = order === null || Object.hasOwn(ticketOrders, order);
    return {
      id,
      name,
      query,
      kind,
      order: isKnown ? order : null,
      columns: Array.isArray(columns) ? columns : null,
      key,
      version,
    };
  } catch {
    return openView;
  }
}

/** "open", "in “Printers”": what the tickets of a view are. */
export function viewWords({ kind, name }: Pick<View, 'kind' | 'name'>): string {
  return kind === 'built-in' ? name.toLowerCase() : `in ${quoted(name)}`;
}

/** The statuses that a query asks for, where it asks for nothing else: then the page itself knows what belongs to it. */
export function statusesOf(query: string): readonly string[] | undefined {
  // Of nobody and at no time: what hangs on either is no status.
  const { terms, problems } = parseQuery(query, { now: new Date(0), timeZone: 'UTC', me: null, agents: [] });
  if (terms.length !== 1 || problems.length > 0) return undefined;
  const [term] = terms;
  return term?.kind === 'choice' && term.field === 'status' && !term.isNot ? term.values : undefined;
}

/** All of them as one, as a blank parts terms. What one leaves in open quotes does not reach into the next. */
export function joinedQuery(...queries: readonly string[]): string {
  const isOpen = (query: string) => tokensOf(query, isTerm).at(-1)?.parts.at(-1)?.isOpen === true;
  return queries
    .map((query) => (isOpen(query) ? `${query}"` : query))
    .filter((query) => query !== '')
    .join(' ');
}
