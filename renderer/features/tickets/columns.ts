/** The columns of the list: which there are, which are shown, and the room of each. */
import { createContext, useContext, useState } from 'react';
import {
  type FactFieldName,
  factNames,
  fieldOf,
  type SortName,
  sortNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { remember, remembered } from '../../state/web-storage.ts';

export interface Column {
  name: 'id' | 'title' | 'name' | 'updated' | FactFieldName;
  /** By which list.css has it. */
  cell: 'id' | 'title' | 'name' | 'updated' | 'fact';
  heading: string;
  /** By what a click on its head sorts the list. */
  sort?: SortName | undefined;
  /**
   * In rem, of a list with room: as much as it needs, and the least, where many columns leave none for the title. And of a
   * narrow list. That of the first three is in list.css.
   */
  room?: { most: number; least: number; narrow: number };
}

/** A narrow list has the marks alone, and no tags, which are words alone. */
const factRoom = {
  choice: { most: 7.5, least: 4.5, narrow: 1 },
  set: { most: 9, least: 3.5, narrow: 0 },
  time: { most: 10, least: 4.5, narrow: 1 },
  person: { most: 7, least: 3, narrow: 0 },
} as const;

/** From left to right. */
const columns: readonly Column[] = [
  { name: 'id', cell: 'id', heading: '#', sort: 'NUMBER' },
  { name: 'title', cell: 'title', heading: ticketFields.title.label },
  { name: 'name', cell: 'name', heading: ticketFields.name.label, sort: ticketFields.name.sort },
  ...factNames.map((name): Column => {
    const { kind, label } = fieldOf(name);
    const sort = sortNames.find((by) => by === fieldOf(name).sort);
    return { name, cell: 'fact', heading: label, sort, ...(kind !== 'text' && { room: factRoom[kind] }) };
  }),
  {
    name: 'updated',
    cell: 'updated',
    heading: 'Changed',
    sort: 'UPDATED',
    room: { most: 6, least: 4.25, narrow: 4.25 },
  },
];

/** Those that a person may do without. */
export const optionalColumns = columns.filter(({ room }) => room !== undefined);

/** Title and requester keep the room unless the person asks for more beside them. */
const hiddenAtFirst: readonly string[] = ['tags', 'dueAt'];

/** Those of these names, from left to right, with those that every list has. A name that is not known shows nothing. */
export function namedColumns(names: readonly string[]): readonly Column[] {
  return columns.filter((column) => !optionalColumns.includes(column) || names.includes(column.name));
}

/** The names without this one, or with it. */
export function toggled(names: readonly string[], name: Column['name']): readonly string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}

/** The names of the columns that the person has chosen; those that are hidden are remembered on this computer. */
export function usePreferredColumns() {
  const [hidden, setHidden] = useState<readonly string[]>(
    () => remembered('hidden-columns')?.split(' ') ?? hiddenAtFirst,
  );
  const all = columns.map(({ name }) => name);
  const show = (names: readonly string[]) => {
    const next = all.filter((name) => !names.includes(name));
    remember('hidden-columns', next.join(' '));
    setHidden(next);
  };
  return [all.filter((name) => !hidden.includes(name)), show] as const;
}

const ShownColumns = createContext<readonly Column[]>(columns);
export const ShownColumnsProvider = ShownColumns.Provider;

/** The columns that are shown, for whatever draws a row. */
export function useShownColumns(): readonly Column[] {
  return useContext(ShownColumns);
}

/** For the style of whatever holds rows: list.css lays them out by it. */
export function columnStyle(shown: readonly Column[]): Record<string, string> {
  const rooms = shown.flatMap(({ room }) => room ?? []);
  return {
    '--facts': rooms.map(({ least, most }) => `minmax(${least}rem, ${most}rem)`).join(' '),
    '--facts-narrow': rooms.map(({ narrow }) => `${narrow}rem`).join(' '),
  };
}
