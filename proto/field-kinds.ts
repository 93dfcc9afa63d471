/** The kinds of fields that a ticket can have: how each is declared, its values, and their canonical form. */
import { foldTags } from './fold.ts';
import { utcTime } from './utc-time.ts';

/** Where a field takes part. */
interface Uses {
  label: string;
  /** It is of the base contract, so older peers know it. */
  isBase?: boolean;
  /** A ticket can be filed with it; otherwise it starts with its default. */
  create: boolean;
  edit: boolean;
  /** The search looks into it. */
  search: boolean;
  /** The name of its filter; what that takes hangs on the kind, see FilterValues. */
  filter?: string;
  /** The name by which lists are ordered by it. */
  sort?: string;
  /** The last of them is what a person looks for first who orders by it: the most urgent. */
  lastFirst?: boolean;
  /** The word before a colon by which a search asks for it. */
  term?: string;
}

/** Words that a person types. */
export interface TextField extends Uses {
  kind: 'text';
  /** In Unicode code points. */
  maxCharacters: number;
  mayBeEmpty: boolean;
  /** The room that a form gives it. */
  lines: 'one' | 'many';
}

/** One of a closed list, which is sorted in the order of that list. */
export interface ChoiceField extends Uses {
  kind: 'choice';
  choices: readonly string[];
  /** What a ticket has that was filed without it. */
  default: string;
  /** The choice with which the work on a ticket ends; with any other it is open. */
  closed?: string;
}

/** Any number of words of the person's own, each once. */
export interface SetField extends Uses {
  kind: 'set';
  maxEntries: number;
  /** Of one entry, in Unicode code points. */
  maxCharacters: number;
}

/** A moment, or none. */
export interface TimeField extends Uses {
  kind: 'time';
}

/** An agent, or nobody; by the id. */
export interface PersonField extends Uses {
  kind: 'person';
  /** The property of a ticket in which the agent stands, with the name. */
  agent: string;
  /** The name of the filter that lets through what nobody has. */
  noneFilter: string;
}

export type Field = TextField | ChoiceField | SetField | TimeField | PersonField;
export type Kind = Field['kind'];

/** What a field of each kind holds. */
export interface KindValues {
  text: string;
  choice: string;
  /** In the form of foldTags(), each once and sorted, so that two sets of the same words are the same. */
  set: string[];
  /** In the form of utcTime(). */
  time: string | null;
  person: string | null;
}
export type FieldValue = KindValues[Kind];

/** What the filter of each kind takes. Left out, or an empty list, it lets everything through. */
export interface FilterValues {
  text: never;
  /** Any of these. */
  choice: readonly string[];
  /** All of these. */
  set: readonly string[];
  /** Before this; what has no time is not. */
  time: string;
  person: string;
}
export type FilterValue = FilterValues[Kind];

function mayBeNull(kind: Kind): boolean {
  return kind === 'time' || kind === 'person';
}

/** What stands there while nobody has said anything. */
export function emptyOf(field: Field): FieldValue {
  switch (field.kind) {
    case 'text':
      return '';
    case 'choice':
      return field.default;
    case 'set':
      return [];
    case 'time':
    case 'person':
      return null;
  }
}

/** Whether a null in a change empties the field; a null leaves any other field as it is. */
export function canBeEmptied({ kind }: Field): boolean {
  return kind === 'set' || mayBeNull(kind);
}

/** The one form of a value that can be written in several. What is no value of the field is left for the checks to refuse. */
export function canonical(field: Field, value: FieldValue): FieldValue {
  if (field.kind === 'time' && typeof value === 'string') return utcTime(value) ?? value;
  if (field.kind !== 'set' || !Array.isArray(value)) return value;
  // A far too long one is refused later: folding it would be wasted work.
  const fits = (entry: string) => entry.length <= 4 * field.maxCharacters;
  return [...new Set(value.flatMap((entry) => (fits(entry) ? foldTags(entry) : [entry])))].sort();
}

/** Whether something that was read has the form of such a value, acceptable or not. */
export function isValueOf({ kind }: Field, value: unknown): value is FieldValue {
  if (kind === 'set') return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return typeof value === 'string' || (mayBeNull(kind) && value === null);
}

/** A value in its one form as one text, by which values are compared: an entry of a set holds no line break. */
export function textOf(value: FieldValue | undefined): string {
  return Array.isArray(value) ? value.join('\n') : (value ?? '');
}
