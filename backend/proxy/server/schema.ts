/** The contract with the resolvers on it. */
import {
  buildSchema,
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';
import type { ProxyContext } from '../context.ts';
import { typeDefs } from '../generated/schema.ts';
import { bulkJob } from '../resolvers/bulk.ts';
import { exported } from '../resolvers/exports.ts';
import { comment, queuedWrite, ticket, view } from '../resolvers/fields.ts';
import { imported } from '../resolvers/imports.ts';
import { mutations } from '../resolvers/mutation.ts';
import { queries } from '../resolvers/query.ts';
import { subscriptions } from '../resolvers/subscription.ts';
import { textPaths } from './weight-of.ts';

type Resolve = GraphQLFieldResolver<unknown, ProxyContext>;

/** What has no resolver is a property of its object. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  const dateTime = schema.getType('DateTime') as GraphQLScalarType;
  dateTime.parseValue = timeAsText;
  dateTime.parseLiteral = (node) => timeAsText('value' in node ? node.value : undefined);
  for (const [field, resolve] of fieldsOf<Resolve>(schema.getQueryType(), queries)) field.resolve = resolve;
  for (const [field, resolve] of fieldsOf<Resolve>(schema.getMutationType(), mutations))
    field.resolve = resolve;
  for (const [field, { subscribe, resolve }] of fieldsOf<{ subscribe: Resolve; resolve: Resolve }>(
    schema.getSubscriptionType(),
    subscriptions,
  )) {
    field.subscribe = subscribe;
    field.resolve = resolve;
  }
  for (const [type, resolvers] of Object.entries({
    Ticket: ticket,
    Comment: comment,
    QueuedWrite: queuedWrite,
    View: view,
    BulkJob: bulkJob,
    Export: exported,
    Import: imported,
  })) {
    const fields = (schema.getType(type) as GraphQLObjectType).getFields();
    for (const [name, resolve] of Object.entries(resolvers)) {
      const field = fields[name];
      if (field) field.resolve = resolve as Resolve;
    }
  }
  for (const path of textPaths) {
    const [type = '', name = ''] = path.split('.');
    const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
    if (field) field.resolve = measured(field.resolve ?? defaultFieldResolver);
  }
  return schema;
}

function measured(resolve: Resolve): Resolve {
  return (parent, args, context, info) => {
    const text = resolve(parent, args, context, info);
    return context.meter ? context.meter.answered(text) : text;
  };
}

/** Which time it is the checks of its field say, in its name. */
function timeAsText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('a time is a text of RFC 3339');
}

/** Pairs each field of the contract with its resolver, which the generated types hold to the contract. */
function fieldsOf<Resolver>(type: GraphQLObjectType | null | undefined, resolvers: object) {
  const byName = resolvers as Readonly<Record<string, Resolver>>;
  return Object.values(type?.getFields() ?? {}).map(
    (field) => [field, byName[field.name] as Resolver] as const,
  );
}
