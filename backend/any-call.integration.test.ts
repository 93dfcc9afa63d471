/** Whatever is asked of a real proxy and of a real ticket service is answered or refused in words, and what is refused changes nothing. */
import { Client, credentials, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ticketServiceDefinition } from '../proto/contract-package.ts';
import { errorCodes } from './errors.ts';
import { createSchema } from './proxy/server/schema.ts';
import { type RealDesk, startRealDesk } from './proxy/testing/real-proxy.ts';
import { holdsForAll, textOf } from './testing/any-input.ts';
import { corpus } from './testing/corpus.ts';
import { queryAt } from './testing/test-database.ts';

const tickets = 20;
let desk: RealDesk;
beforeAll(async () => {
  desk = await startRealDesk({ id: 'ada', name: 'Ada' });
  for (let id = 1; id <= tickets; id += 1)
    await desk.service.call('CreateTicket', { title: 'Printer', description: 'Toner', name: 'Cy' });
});
afterAll(() => desk.stop());

/** Of such a text it is seen whether the database holds it. */
const isTold = /^[a-z0-9-]{12,}$/;
const text = fc.oneof(
  fc.uuid(),
  fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 12, maxLength: 20 }),
  fc.constantFrom('New', 'On Hold', 'High', '1', '0', 'ada', 'g n', '2026-11-29T10:00:00Z'),
  textOf('status:', 'tag:vpn ', '"', '-', '#1', '\0', '😀', '\ud800', 'a'),
);
const number = fc.oneof(fc.integer({ min: -1, max: tickets + 1 }), fc.integer());

function inputOf(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return anyOf(type.ofType, depth);
  return fc.oneof({ arbitrary: anyOf(type, depth), weight: 3 }, fc.constant(null));
}

function anyOf(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return anyOf(type.ofType, depth);
  if (isListType(type)) return fc.array(inputOf(type.ofType, depth + 1), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const values = Object.fromEntries(fields.map((field) => [field.name, inputOf(field.type, depth + 1)]));
    const requiredKeys = fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name);
    return fc.record(values, { requiredKeys });
  }
  if (type.name === 'Int' || type.name === 'Float') return number;
  return type.name === 'Boolean' ? fc.boolean() : text;
}

/** What is there without arguments, some steps down. */
function selectionOf(type: GraphQLOutputType, depth = 0): string {
  const named = 'ofType' in type ? (type.ofType as GraphQLOutputType) : type;
  if ('ofType' in named) return selectionOf(named, depth);
  if (!isObjectType(named)) return '';
  const parts = Object.values(named.getFields())
    .filter(({ args }) => args.every((arg) => !isNonNullType(arg.type)))
    .map((field) => ({ field, below: selectionOf(field.type, depth + 1) }))
    .filter(({ field, below }) => depth < 3 && (below !== '' || !isOfObjects(field.type)))
    .map(({ field, below }) => `${field.name}${below}`);
  return ` { __typename ${parts.join(' ')} }`;
}

function isOfObjects(type: GraphQLOutputType): boolean {
  return 'ofType' in type ? isOfObjects(type.ofType as GraphQLOutputType) : isObjectType(type);
}

function operationOf(kind: string, { name, args, type }: GraphQLField<unknown, unknown>) {
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const asked = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const document = `${kind} ${asked && `(${asked})`} { ${name}${given && `(${given})`}${selectionOf(type)} }`;
  const variables = fc.record(Object.fromEntries(args.map((arg) => [arg.name, inputOf(arg.type)])));
  return variables.map((values) => ({ document, variables: values as Record<string, unknown> }));
}

const schema = createSchema();
const operations = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => operationOf('query', field)),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) =>
    operationOf('mutation', field),
  ),
];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return isTold.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function everything(): Promise<string> {
  const tables = ['tickets', 'deleted_tickets', 'comments', 'views', 'ticket_history'];
  const all = tables.map((table) => `select row_to_json(t)::text as text from ${table} t`);
  const rows = await queryAt<{ text: string }>(desk.postgresUrl, all.join(' union all '));
  return rows.map((row) => row.text).join('\n');
}

it('of GraphQL', async () => {
  const [refused, done] = [new Set<string>(), new Set<string>()];
  await holdsForAll(fc.oneof(...operations), async ({ document, variables }) => {
    const { status: code, errors = [] } = await desk.ask(document, variables);
    expect(code).toBeLessThan(500);
    for (const { message, extensions } of errors) {
      expect(message).toMatch(/\w \w/);
      expect(errorCodes).toContain(extensions.code);
      expect(extensions.code, message).not.toBe('INTERNAL');
    }
    for (const told of textsIn(variables)) (errors.length > 0 ? refused : done).add(told);
  });
  await desk.drained();
  const stored = await everything();
  expect([...refused].filter((told) => !done.has(told) && stored.includes(told))).toEqual([]);
  expect(refused.size).toBeGreaterThan(0);
});

it.each(Object.entries(corpus))(
  'of the corpus, %s is read and found as it was filed',
  async (title, description) => {
    const input = { title, description, name: 'Cy' };
    const filed = await desk.ask(
      'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }',
      {
        input,
      },
    );
    await desk.drained();
    const find = (query: string) =>
      desk.ask(
        'query ($query: String!) { ticketPage(filter: { query: $query }) { edges { node { title description } } } }',
        { query },
      );
    const [whole, itself] = await Promise.all([find(`"${title}"`), find(description)]);
    const nodes = { edges: expect.arrayContaining([{ node: { title, description } }]) };
    if (filed.errors) expect(filed.errors[0]?.extensions.field).toBe('description');
    else expect(whole.data.ticketPage).toMatchObject(nodes);
    if (itself.errors) expect(itself.errors[0]?.extensions.field).toBe('query');
    else expect(itself.data.ticketPage).toMatchObject(nodes);
  },
);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  text.map((value) => Buffer.from(value)),
);
const varint = (value: number) => (value < 128 ? [value] : [(value % 128) + 128, 1]);

/** Fields of a message in the wire format: numbers, and texts or messages. */
const frame: fc.Arbitrary<Buffer> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.oneof(fc.integer({ min: 0, max: 255 }), bytes)), {
    maxLength: 6,
  })
  .map((fields) =>
    Buffer.from(
      fields.flatMap(([field, value]) =>
        typeof value === 'number'
          ? [...varint(field * 8), ...varint(value)]
          : [...varint(field * 8 + 2), ...varint(value.length), ...value],
      ),
    ),
  );

it('of gRPC', async () => {
  const client = new Client(desk.service.address, credentials.createInsecure());
  const paths = Object.values(ticketServiceDefinition)
    .filter(({ responseStream }) => !responseStream)
    .map(({ path }) => path);
  const same = (value: Buffer) => value;
  const call = (path: string, request: Buffer) =>
    new Promise<{ code: status; details: string } | null>((resolve) =>
      client.makeUnaryRequest(path, same, same, request, (error) => resolve(error)),
    );
  const broken = fc.uint8Array({ maxLength: 40 }).map((values) => Buffer.from(values));
  const request = fc.oneof({ arbitrary: frame, weight: 3 }, broken);
  await holdsForAll(fc.tuple(fc.constantFrom(...paths), request), async ([path, message]) => {
    const error = await call(path, message);
    if (!error || isNoMessage(error)) return;
    expect([status.INTERNAL, status.UNKNOWN], error.details).not.toContain(error.code);
    expect(error.details).toMatch(/\w \w/);
  });
  client.close();
  expect(await desk.service.call('GetTicketList', { id: 1 })).toBeTruthy();
});

/** What grpc-js itself says of bytes that are none. */
function isNoMessage({ code, details }: { code: status; details: string }): boolean {
  return code === status.INTERNAL && details.startsWith('Error deserializing request');
}
