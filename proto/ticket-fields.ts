/**
 * What can be said of a ticket, declared once. Types, checks, columns, messages, filters, orders and forms are derived
 * from this list. `ticket_service.proto` and `backend/proxy/schema.graphql` are contracts and written by hand;
 * `ticket-fields.test.ts` compares them with this list in both directions.
 */
import {
  canBeEmptied,
  canonical,
  emptyOf,
  type Field,
  type FieldValue,
  type FilterValue,
  type FilterValues,
  type KindValues,
  textOf,
} from './field-kinds.ts';

/** The largest id and version: both contracts have them as int32. */
export const maxInt32 = 2_147_483_647;

export const ticketFields = {
  title: {
    kind: 'text',
    label: 'Title',
    maxCharacters: 200,
    mayBeEmpty: false,
    lines: 'one',
    isBase: true,
    create: true,
    edit: true,
    search: true,
  },
  description: {
    kind: 'text',
    label: 'Description',
    maxCharacters: 10_000,
    mayBeEmpty: true,
    lines: 'many',
    isBase: true,
    create: true,
    edit: true,
    search: true,
  },
  name: {
    kind: 'text',
    label: 'Requester',
    maxCharacters: 100,
    mayBeEmpty: false,
    lines: 'one',
    isBase: true,
    create: true,
    edit: true,
    search: true,
    sort: 'REQUESTER',
    term: 'requester',
  },
  status: {
    kind: 'choice',
    label: 'Status',
    choices: ['New', 'In Progress', 'On Hold', 'Completed'],
    default: 'New',
    closed: 'Completed',
    isBase: true,
    create: false,
    edit: true,
    search: false,
    filter: 'statuses',
    sort: 'STATUS',
    term: 'status',
  },
  priority: {
    kind: 'choice',
    label: 'Priority',
    choices: ['Low', 'Normal', 'High', 'Urgent'],
    default: 'Normal',
    create: true,
    edit: true,
    search: false,
    filter: 'priorities',
    sort: 'PRIORITY',
    lastFirst: true,
    term: 'priority',
  },
  assigneeId: {
    kind: 'person',
    label: 'Assignee',
    agent: 'assignee',
    create: true,
    edit: true,
    search: false,
    filter: 'assigneeId',
    noneFilter: 'unassigned',
    term: 'assignee',
    sort: 'ASSIGNEE',
  },
  dueAt: {
    kind: 'time',
    label: 'Due time',
    create: true,
    edit: true,
    search: false,
    filter: 'dueBefore',
    sort: 'DUE',
    term: 'due',
  },
  tags: {
    kind: 'set',
    label: 'Tags',
    maxEntries: 20,
    maxCharacters: 40,
    create: true,
    edit: true,
    search: false,
    filter: 'tags',
    term: 'tag',
  },
} as const satisfies Record<string, Field>;

type Fields = typeof ticketFields;
export type FieldName = keyof Fields;

/** The names of the fields of which `Uses` says this. */
type NamesWhere<Condition> = { [F in FieldName]: Fields[F] extends Condition ? F : never }[FieldName];
type NeededFieldName = NamesWhere<{ kind: 'text'; mayBeEmpty: false }>;
type TextFieldName = NamesWhere<{ kind: 'text' }>;
export type ChoiceFieldName = NamesWhere<{ kind: 'choice' }>;
export type FactFieldName = Exclude<FieldName, TextFieldName>;
export type CreateFieldName = NamesWhere<{ create: true }>;
export type EditFieldName = NamesWhere<{ edit: true }>;
export type AtOnceFieldName = EditFieldName & FactFieldName;
export type SearchFieldName = NamesWhere<{ search: true }>;
export type FilterFieldName = NamesWhere<{ filter: string }>;
export type SortFieldName = NamesWhere<{ sort: string }>;
export type TermTextFieldName = NamesWhere<{ kind: 'text'; term: string }>;
export type TimeFieldName = NamesWhere<{ kind: 'time' }>;

export type PersonFieldName = NamesWhere<{ kind: 'person' }>;

/** What a field holds. */
export type ValueOf<Name extends FieldName> = KindValues[Fields[Name]['kind']];

/** What a ticket says, every field of it. */
export type TicketValues = { [F in FieldName]: ValueOf<F> };

/** What a ticket is filed with; a text that may be empty can be left out, and every other kind. */
export type NewTicketValues = { [F in CreateFieldName & NeededFieldName]: ValueOf<F> } & {
  [F in Exclude<CreateFieldName, NeededFieldName>]?: ValueOf<F> | null | undefined;
};

/** What a ticket says in those fields once it is filed. */
export type FiledValues = { [F in CreateFieldName]: ValueOf<F> };

/** What an update changes; what is left out stays. */
export type TicketChanges = { [F in EditFieldName]?: ValueOf<F> };

/** The agents whom a ticket names by their ids; null is nobody. */
export type TicketAgents<Agent> = { [F in PersonFieldName as Fields[F]['agent']]: Agent | null };

/** By the name of its filter, what is let through of a field. Left out is any. */
export type FieldFilters = {
  [F in FilterFieldName as Fields[F]['filter']]?: FilterValues[Fields[F]['kind']] | undefined;
} & { [F in PersonFieldName as Fields[F]['noneFilter']]?: boolean | undefined };

/** By what lists are ordered: a time of the ticket, its number, a field that can be sorted, or where a search hit it. */
export type SortName = 'CREATED' | 'UPDATED' | 'NUMBER' | Fields[SortFieldName]['sort'] | 'RELEVANCE';
export type SortDirection = 'ASC' | 'DESC';
export type TicketOrder = `${SortName}_${SortDirection}`;

/** One field, by its name, with what the kinds have in common. */
export function fieldOf(name: FieldName): Field {
  return ticketFields[name];
}

function isText(name: FieldName): name is TextFieldName {
  return ticketFields[name].kind === 'text';
}

function namesWhere<Name extends FieldName>(holds: (field: Field) => boolean): Name[] {
  return (Object.keys(ticketFields) as FieldName[]).filter((name) => holds(fieldOf(name))) as Name[];
}

/** In the order of the declaration, which is the order in which forms show them and problems are told. */
export const fieldNames = namesWhere<FieldName>(() => true);
export const createFieldNames = namesWhere<CreateFieldName>(({ create }) => create);
export const editFieldNames = namesWhere<EditFieldName>(({ edit }) => edit);
/** What a ticket says in a word or two. Each of them may be a column of a list. */
export const factNames = namesWhere<FactFieldName>(({ kind }) => kind !== 'text');
/** A text is typed and then saved; everything else is set at once. */
export const editTextNames = editFieldNames.filter(isText);
export const editAtOnceNames = namesWhere<AtOnceFieldName>(({ kind, edit }) => kind !== 'text' && edit);
export const personFieldNames = namesWhere<PersonFieldName>(({ kind }) => kind === 'person');
export const searchFieldNames = namesWhere<SearchFieldName>(({ search }) => search);
/** Those that the base contract does not know: a peer of it would drop them without a word. */
export const extensionFieldNames = namesWhere<FieldName>(({ isBase }) => !isBase);
/** Whether a create of an older peer may do without it. */
export function isLeftOutByOlder(name: FieldName): boolean {
  return extensionFieldNames.includes(name);
}
export const filterFieldNames = namesWhere<FilterFieldName>(({ filter }) => filter !== undefined);
export const sortFieldNames = namesWhere<SortFieldName>(({ sort }) => sort !== undefined);

export const sortNames: readonly SortName[] = [
  'CREATED',
  'UPDATED',
  'NUMBER',
  ...sortFieldNames.map((name) => fieldOf(name).sort as SortName),
  'RELEVANCE',
];

/** Every order there is, with its parts. */
export const ticketOrders = Object.fromEntries(
  sortNames.flatMap((by) =>
    (['ASC', 'DESC'] as const).map((direction) => [`${by}_${direction}`, { by, direction }]),
  ),
) as Readonly<Record<TicketOrder, { by: SortName; direction: SortDirection }>>;

/** An order of which each ticket has a key of its own; how well a search hits one is seen by what finds it. */
export type KeyOrder = `${Exclude<SortName, 'RELEVANCE'>}_${SortDirection}`;

/** Whether it is by how well a search hits each ticket. */
export function isRelevance(order: TicketOrder): order is Exclude<TicketOrder, KeyOrder> {
  return ticketOrders[order].by === 'RELEVANCE';
}

type Given<Name extends FieldName> = { [F in Name]?: ValueOf<F> | null | undefined };

/** What `make` makes of each of these fields; undefined leaves it out. */
function mapFields<Name extends FieldName>(
  names: readonly Name[],
  make: (name: Name) => FieldValue | undefined,
): Given<Name> {
  const made: Partial<Record<Name, FieldValue>> = {};
  for (const name of names) {
    const value = make(name);
    if (value !== undefined) made[name] = value;
  }
  return made as Given<Name>;
}

/** What a person calls a part of a ticket that a file tells. */
export function partLabel(part: string): string {
  const name = personFieldNames.find((each) => ticketFields[each].agent === part) ?? part;
  return fieldNames.some((each) => each === name)
    ? fieldOf(name as FieldName).label
    : (otherParts[part] ?? part);
}

const otherParts: Readonly<Record<string, string>> = {
  id: 'Number',
  createdAt: 'Filed',
  updatedAt: 'Changed',
};

/** What a ticket is filed with, out of something that holds more; as `ticketChanges` has it. */
export function newTicketValues(source: Given<CreateFieldName>): {
  [F in CreateFieldName & NeededFieldName]: ValueOf<F>;
} & { [F in Exclude<CreateFieldName, NeededFieldName>]?: ValueOf<F> } {
  return given(createFieldNames, source) as ReturnType<typeof newTicketValues>;
}

/** What a ticket that is filed with this says in those fields. */
export function filedValues(source: Given<CreateFieldName>): FiledValues {
  const values = ticketValues(source);
  return mapFields(createFieldNames, (name) => values[name]) as FiledValues;
}

/** What an update changes, out of something that holds more; each value in its one form, and null where it empties one. */
export function ticketChanges(source: Given<EditFieldName>): TicketChanges {
  return given(editFieldNames, source) as TicketChanges;
}

function given<Name extends FieldName>(names: readonly Name[], source: Given<Name>): Given<Name> {
  return mapFields(names, (name) => {
    const field = fieldOf(name);
    const value: FieldValue | undefined = source[name];
    if (value === null) return canBeEmptied(field) ? emptyOf(field) : undefined;
    return value === undefined ? undefined : canonical(field, value);
  });
}

/** What a ticket says, out of something that may leave fields out or hold more; an empty choice is its default. */
export function ticketValues(source: Given<FieldName>): TicketValues {
  return mapFields(fieldNames, (name) => source[name] || emptyOf(fieldOf(name))) as TicketValues;
}

/** Whether two values of a field say the same. */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  return textOf(a) === textOf(b);
}

type Writable<Value> = Value extends readonly string[] ? string[] : Value;
type Asked = { [Filter in keyof FieldFilters]?: FieldFilters[Filter] | null };

/** What is asked of each field, out of something that holds more; each value in its one form, and an empty one left out. */
export function fieldFilters(source: Asked): {
  [Filter in keyof FieldFilters]-?: Writable<FieldFilters[Filter]> | undefined;
} {
  const asked = filterFieldNames.map((name) => {
    const wanted: FilterValue | null | undefined = source[ticketFields[name].filter];
    return [ticketFields[name].filter, wanted?.length ? askedValue(fieldOf(name), wanted) : undefined];
  });
  const none = personFieldNames.map((name) => {
    const { noneFilter } = ticketFields[name];
    return [noneFilter, source[noneFilter] || undefined];
  });
  return Object.fromEntries([...asked, ...none]) as ReturnType<typeof fieldFilters>;
}

function askedValue(field: Field, wanted: FilterValue): FieldValue {
  return typeof wanted === 'string' ? canonical(field, wanted) : canonical(field, [...new Set(wanted)]);
}
