/** The weight of what an operation asks for: the text of each row that it reads, and again what of it is answered. */
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { commentRule, limits } from '../../../proto/checks.ts';
import { fieldNames } from '../../../proto/ticket-fields.ts';
import { fieldWeight, longestListWeight, rowWeight } from '../../weight.ts';
import { fragmentsOf } from './limits.ts';

/** Of an object, and of a value that is no long text: its name and what JSON puts around it. */
const smallWeight = 40;

/** The longest list that there is, every field of every ticket once: so much is answered at once, and what is more alone. */
export const listWeight = 2 * longestListWeight + limits.maxListLength * 20 * smallWeight;
/** A ticket with some comments. */
export const littleWeight = 40 * rowWeight.ticket;
/** What is heavier is refused. */
export const maxWeights: Record<OperationTypeNode, number> = {
  // Such a list of each status.
  query: 4 * listWeight,
  // What is done can't be refused any more for its answer.
  mutation: listWeight,
  // Each event, of which many may be open.
  subscription: littleWeight,
};

/** How long a text can be, where that is long. */
const texts: Record<string, number> = {
  ...Object.fromEntries(
    fieldNames.flatMap((name) => [
      [`Ticket.${name}`, fieldWeight(name)],
      [`OutboxEntry.${name}`, fieldWeight(name)],
    ]),
  ),
  'Comment.body': commentRule.maxCharacters,
  'QueuedComment.body': commentRule.maxCharacters,
  // All of a change together are no longer than a ticket.
  'QueuedFieldChange.to': rowWeight.ticket / fieldNames.length,
  'Change.from': commentRule.maxCharacters,
  'Change.to': commentRule.maxCharacters,
};

/** The fields that may be long texts, each as `Type.field`. */
export const textPaths = Object.keys(texts).filter((path) => texts[path]);

/** What is read for each row of a field, whatever of it is answered. */
const reads: Record<string, number> = {
  'Query.tickets': rowWeight.ticket,
  'Query.ticket': rowWeight.ticket,
  'Query.ticketPage': rowWeight.ticket,
  'Ticket.comments': rowWeight.comment,
  'Ticket.history': rowWeight.change,
};

/** How long the lists of objects are that no argument bounds; of others `otherRows`. */
const rows: Record<string, number> = {
  'Query.agents': 1_000,
  'Query.views': 2 * limits.maxViews,
  'Query.counts': limits.maxCounts,
  'QueuedWrite.changes': fieldNames.length,
  'Import.columns': 500,
  // Of the schema itself, on average.
  '__Schema.types': 120,
  '__Type.fields': 10,
  '__Type.inputFields': 2,
  '__Type.enumValues': 1,
  '__Type.interfaces': 1,
  '__Type.possibleTypes': 1,
  '__Field.args': 1,
  '__Directive.args': 1,
};
const otherRows = 20;
/** Their number was counted where the list that they are of was asked for. */
const counted = /^(?:\w+Connection\.edges|Outbox\.\w+|RefusedRows\.nodes)$/;

type Args = Record<string, unknown>;
type Field = GraphQLField<unknown, unknown>;

/** In the worst case, as though no row were missing and every text as long as it may be. */
export function weightOf(
  schema: GraphQLSchema,
  {
    document,
    operation,
    variables,
  }: {
    document: DocumentNode;
    operation: OperationDefinitionNode;
    variables: Record<string, unknown>;
  },
): number {
  const root = schema.getRootType(operation.operation);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();

  function ofFragment(name: string): number {
    const weighed = known.get(name);
    if (weighed !== undefined) return weighed;
    const fragment = fragments.get(name);
    const weight = fragment
      ? ofSelections(schema.getType(fragment.typeCondition.name.value), fragment.selectionSet)
      : 0;
    known.set(name, weight);
    return weight;
  }

  function ofSelections(type: unknown, set: SelectionSetNode | undefined): number {
    if (!isObjectType(type) || !set) return 0;
    return set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + ofSelections(type, selection.selectionSet);
      const field = fieldOf(type, selection.name.value);
      if (!field) return sum + smallWeight;
      const path = `${type.name}.${field.name}`;
      const below = ofSelections(getNamedType(field.type), selection.selectionSet);
      const each = smallWeight + (texts[path] ?? 0) + (reads[path] ?? 0) + below;
      return sum + each * rowsOf(path, field, () => argumentsOf(field, selection, coerced ?? {}));
    }, 0);
  }
  return ofSelections(root, operation.selectionSet);
}

function fieldOf(type: GraphQLObjectType, name: string): Field | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return type.getFields()[name];
}

/** None of those that can't be read: whoever executes the field refuses them. */
function argumentsOf(field: Field, node: Parameters<typeof getArgumentValues>[1], variables: Args): Args {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

function rowsOf(path: string, field: Field, argsOf: () => Args): number {
  if (field.args.some(({ name }) => name === 'first')) {
    const { first, last } = argsOf();
    const asked = Number(last ?? first ?? limits.defaultPageSize);
    return Math.min(Math.max(asked, 1), limits.maxListLength);
  }
  if (path === 'Query.tickets') return ticketsOf(argsOf().input as Args | undefined);
  const isListOfObjects = isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type));
  return !isListOfObjects || counted.test(path) ? 1 : (rows[path] ?? otherRows);
}

/** A list holds no more than the numbers that are asked for. */
function ticketsOf(input: Args | null | undefined): number {
  if (input?.id != null) return 1;
  const ids = Array.isArray(input?.ids) ? input.ids.length : 0;
  return ids > 0 ? Math.min(ids, limits.maxPageSize) : limits.maxListLength;
}
