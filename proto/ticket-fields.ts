/**
 * What can be said of a ticket, declared once. Types, checks, columns, messages, filters, orders and forms are derived
 * from this list. `ticket_service.proto` and `backend/proxy/schema.graphql` are contracts and written by hand;
 * `ticket-fields.test.ts` compares them with this list in both directions.
 */

/** Where a field takes part. */
interface Uses {
  /** It is of the base contract, so older peers know it. */
  isBase?: boolean;
  /** A ticket can be filed with it; otherwise it starts with its default. */
  create: boolean;
  edit: boolean;
  /** The search looks into it. */
  search: boolean;
  /** The name by which a filter lists the values that it lets through. */
  filter?: string;
  /** The name by which lists are ordered by it. */
  sort?: string;
}

/** Words that a person types. */
export interface TextField extends Uses {
  kind: 'text';
  label: string;
  /** In Unicode code points. */
  maxCharacters: number;
  mayBeEmpty: boolean;
  /** The room that a form gives it. */
  lines: 'one' | 'many';
}

/** One of a closed list, which is sorted in the order of that list. */
export interface ChoiceField extends Uses {
  kind: 'choice';
  label: string;
  choices: readonly string[];
  /** What a ticket has that was filed without it. */
  default: string;
}

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
  },
  status: {
    kind: 'choice',
    label: 'Status',
    choices: ['New', 'In Progress', 'On Hold', 'Completed'],
    default: 'New',
    isBase: true,
    create: false,
    edit: true,
    search: false,
    filter: 'statuses',
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
  },
} as const satisfies Record<string, TextField | ChoiceField>;

type Fields = typeof ticketFields;
export type FieldName = keyof Fields;

/** The names of the fields of which `Uses` says this. */
type NamesWhere<Condition> = { [F in FieldName]: Fields[F] extends Condition ? F : never }[FieldName];
type NeededFieldName = NamesWhere<{ kind: 'text'; mayBeEmpty: false }>;
export type ChoiceFieldName = NamesWhere<{ kind: 'choice' }>;
export type CreateFieldName = NamesWhere<{ create: true }>;
export type EditFieldName = NamesWhere<{ edit: true }>;
export type SearchFieldName = NamesWhere<{ search: true }>;
export type FilterFieldName = NamesWhere<{ filter: string }>;
export type SortFieldName = NamesWhere<{ sort: string }>;

/** What a ticket says, every field of it. */
export type TicketValues = { [F in FieldName]: string };

/** What a ticket is filed with; a choice that is left out is its default, and a text that may be empty is. */
export type NewTicketValues = { [F in CreateFieldName & NeededFieldName]: string } & {
  [F in Exclude<CreateFieldName, NeededFieldName>]?: string | null | undefined;
};

/** What a ticket says in those fields once it is filed. */
export type FiledValues = { [F in CreateFieldName]: string };

/** What an update changes; what is left out stays. */
export type TicketChanges = { [F in EditFieldName]?: string };

/** By the name of its filter, the values of a field that are let through. Left out is any. */
export type ChoiceFilters = { [F in FilterFieldName as Fields[F]['filter']]?: readonly string[] | undefined };

/** By what lists are ordered: a time of the ticket, or a field that can be sorted. */
export type SortName = 'CREATED' | 'UPDATED' | Fields[SortFieldName]['sort'];
export type SortDirection = 'ASC' | 'DESC';
export type TicketOrder = `${SortName}_${SortDirection}`;

/** One field, by its name, with what the kinds have in common. */
export function fieldOf(name: FieldName): TextField | ChoiceField {
  return ticketFields[name];
}

function isChoice(name: FieldName): name is ChoiceFieldName {
  return ticketFields[name].kind === 'choice';
}

function namesWhere<Name extends FieldName>(holds: (field: TextField | ChoiceField) => boolean): Name[] {
  return (Object.keys(ticketFields) as FieldName[]).filter((name) => holds(fieldOf(name))) as Name[];
}

/** In the order of the declaration, which is the order in which forms show them and problems are told. */
export const fieldNames = namesWhere<FieldName>(() => true);
export const createFieldNames = namesWhere<CreateFieldName>(({ create }) => create);
export const editFieldNames = namesWhere<EditFieldName>(({ edit }) => edit);
/** Each of them is a column of a list. */
export const choiceNames = fieldNames.filter(isChoice);
export const createChoiceNames = namesWhere<CreateFieldName & ChoiceFieldName>(
  ({ kind, create }) => kind === 'choice' && create,
);
/** A text is typed and then saved; a choice is set at once. */
export const editTextNames = editFieldNames.filter((name) => !isChoice(name));
export const editChoiceNames = editFieldNames.filter(isChoice);
export const searchFieldNames = namesWhere<SearchFieldName>(({ search }) => search);
/** Those that the base contract does not know: a peer of it would drop them without a word. */
export const extensionFieldNames = namesWhere<FieldName>(({ isBase }) => !isBase);
export const filterFieldNames = namesWhere<FilterFieldName>(({ filter }) => filter !== undefined);
export const sortFieldNames = namesWhere<SortFieldName>(({ sort }) => sort !== undefined);

export const sortNames: readonly SortName[] = [
  'CREATED',
  'UPDATED',
  ...sortFieldNames.map((name) => fieldOf(name).sort as SortName),
];

/** Every order there is, with its parts. */
export const ticketOrders = Object.fromEntries(
  sortNames.flatMap((by) =>
    (['ASC', 'DESC'] as const).map((direction) => [`${by}_${direction}`, { by, direction }]),
  ),
) as Readonly<Record<TicketOrder, { by: SortName; direction: SortDirection }>>;

type Given<Name extends FieldName> = { [F in Name]?: string | null | undefined };

/** The fields of `names` that `source` gives, and nothing else of it. */
function pick<Name extends FieldName>(source: Given<Name>, names: readonly Name[]): { [F in Name]?: string } {
  const picked: { [F in Name]?: string } = {};
  for (const name of names) {
    const value = source[name];
    if (value !== undefined && value !== null) picked[name] = value;
  }
  return picked;
}

/** What a ticket is filed with, out of something that holds more. */
export function newTicketValues(source: Given<CreateFieldName>): {
  [F in CreateFieldName & NeededFieldName]: string;
} & { [F in Exclude<CreateFieldName, NeededFieldName>]?: string } {
  return pick<CreateFieldName>(source, createFieldNames) as ReturnType<typeof newTicketValues>;
}

/** What a ticket that is filed with this says in those fields. */
export function filedValues(source: Given<CreateFieldName>): FiledValues {
  return pick<CreateFieldName>(ticketValues(source), createFieldNames) as FiledValues;
}

/** What an update changes, out of something that holds more. */
export function ticketChanges(source: Given<EditFieldName>): TicketChanges {
  return pick(source, editFieldNames);
}

/** One value for each filter of a choice, by its name. */
export function mapFilters<Value>(
  make: (filter: keyof ChoiceFilters) => Value,
): Record<keyof ChoiceFilters, Value> {
  return Object.fromEntries(
    filterFieldNames.map((name) => [ticketFields[name].filter, make(ticketFields[name].filter)]),
  ) as Record<keyof ChoiceFilters, Value>;
}

/** Whether each choice of a ticket is one that the filters let through. */
export function isChosen(
  ticket: { [F in FilterFieldName]: string | null },
  filters: { [Filter in keyof ChoiceFilters]: ChoiceFilters[Filter] | null },
): boolean {
  return filterFieldNames.every(
    (name) => filters[ticketFields[name].filter]?.includes(ticket[name] ?? '') ?? true,
  );
}

/** What a ticket says, out of something that may leave fields out or hold more; an empty choice is its default. */
export function ticketValues(source: Given<FieldName>): TicketValues {
  return Object.fromEntries(
    fieldNames.map((name) => {
      const field = fieldOf(name);
      return [name, source[name] || (field.kind === 'choice' ? field.default : '')];
    }),
  ) as TicketValues;
}
