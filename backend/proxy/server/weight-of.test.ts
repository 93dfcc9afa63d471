import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createRequestCheck } from './check-request.ts';
import { createSchema } from './schema.ts';
import { listWeight, littleWeight, weightOf } from './weight-of.ts';

const schema = createSchema();
const check = createRequestCheck(schema);
const aliased = (times: number, field: string) =>
  Array.from({ length: times }, (_, at) => `a${at}: ${field}`).join(' ');
const comments = 'comments(first: 200) { edges { node { body } } }';
const schemaOfSchema = `__schema { types { ${aliased(3, `fields { ${aliased(3, `type { ${aliased(3, 'fields { ...N }')} }`)} }`)} } }`;

const tooMuch: Record<string, string> = {
  'many aliases of a list': `{ ${aliased(20, 'tickets { id description }')} }`,
  'many aliases of a text': `{ tickets { ${aliased(20, 'description')} } }`,
  'threads of a page': `{ ticketPage(first: 200) { edges { node { ${comments} } } } }`,
  'many aliases of a thread': `{ ticket(id: 1) { ${aliased(20, comments)} } }`,
  'a list in fragments of fragments':
    '{ ...A } fragment A on Query { a: tickets { id description } ...B } fragment B on Query { b: tickets { id } c: tickets { description } d: tickets { id description } e: tickets { title description } }',
  'many threads behind a write': `mutation { restoreTicket(input: { id: 1 }) { ticket { ${aliased(4, comments)} } } }`,
  'a thread for each event': `subscription { ticketChanged { ticket { ${comments} } } }`,
  'the types of the types of the schema': `{ ${schemaOfSchema} } fragment N on __Field { type { ${aliased(9, 'enumValues { name }')} } }`,
};

it.each(Object.entries(tooMuch))('%s is refused, with what to ask less of', (_, query) => {
  const { errors } = check({ query });
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/^The answer could be [\d,]+ times as long .* Ask for less/);
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});

it('weighs a page by what its variables ask for', () => {
  const query =
    'query($first: Int = 1, $all: Int) { ticketPage(first: $first) { edges { node { comments(first: $all) { edges { cursor } } } } } }';
  const weigh = (variables: Record<string, unknown>) => check({ query, variables }).weight;
  expect(weigh({ all: 1 })).toBeLessThan(weigh({ all: 2 }));
  expect(weigh({ first: 2, all: 1 })).toBe(2 * weigh({ first: 1, all: 1 }));
  expect(check({ query, variables: { first: 200, all: 200 } }).errors).toHaveLength(1);
});

describe('what clients ask for is let through', () => {
  it('the longest list of the base contract, with all that its tickets say', () => {
    const fields =
      'id title description status name createdAt updatedAt version requestId priority tags dueAt';
    expect(check({ query: `{ tickets { ${fields} assignee { id name } } }` }).errors).toEqual([]);
  });

  it('such a list of each status', () => {
    const query = `{ ${aliased(4, 'tickets { id title description status name }')} }`;
    expect(check({ query }).errors).toEqual([]);
  });

  const files = readdirSync('renderer', { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.graphql'));
  const document = parse(sources.map((file) => readFileSync(`renderer/${file}`, 'utf8')).join('\n'));
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);

  it.each(operations.map((one) => [one.name?.value ?? '', one] as const))(
    '%s of the page',
    (_, operation) => {
      const variables = { first: 200, comments: 50, changes: 50, id: 1 };
      const weight = weightOf(schema, { document, operation, variables });
      expect(weight).toBeGreaterThan(0);
      // Half of what is answered at once, so that it never waits for others' lists; a write waits for nothing.
      expect(weight).toBeLessThanOrEqual(operation.operation === 'query' ? listWeight / 2 : littleWeight);
    },
  );
});
