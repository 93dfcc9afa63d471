/** Requests made to be dear to refuse: the time grows with their length alone, and little is answered. */
import { describe, expect, it } from 'vitest';
import { growthOverEight } from '../../testing/growth.ts';
import { graphqlRequest } from '../testing/real-proxy.ts';
import { desk } from '../testing/small-desk.ts';

interface Body {
  query: string;
  variables?: Record<string, unknown>;
}

const repeated = (text: (index: number) => string, times: number) =>
  Array.from({ length: times }, (_, index) => text(index)).join(' ');
const create = (input: unknown): Body => ({
  query: 'mutation($input: NewTicket!) { createTicket(input: $input) { success } }',
  variables: { input },
});
const order = (orderBy: unknown): Body => ({
  query: 'query($orderBy: TicketOrder) { ticketPage(orderBy: $orderBy) { edges { cursor } } }',
  variables: { orderBy },
});
const list = (input: unknown): Body => ({
  query: 'query($input: TicketFilter) { tickets(input: $input) { id } }',
  variables: { input },
});
/** Forty creates with four mistakes each. */
const badLiterals = repeated(
  (index) =>
    `a${index}: createTicket(input: { title: 1, description: 2, name: 3, requestId: true }) { success }`,
  40,
);
const halfOf = (size: number) => Math.floor(size / 2);

/** Each of about so many characters. */
const hostile: Record<string, (size: number) => Body | string> = {
  'a key that looks like the end of a message': (size) => create({ [`x at "${'a'.repeat(size)}!`]: 1 }),
  'a key of quotes': (size) => create({ ['"'.repeat(halfOf(size))]: 1 }),
  'an enum that looks like the end of a message': (size) => order(`x at "${'a'.repeat(size)}!`),
  'an enum of names': (size) => order('Field "a" '.repeat(size / 10)),
  'an enum that begins like one': (size) => order(`CREATED_DES${'C'.repeat(size)}`),
  'many unknown keys': (size) =>
    create(Object.fromEntries(Array.from({ length: size / 10 }, (_, index) => [`k${index}`, 1]))),
  'many keys beside a long one': (size) =>
    create({
      title: 'x'.repeat(size),
      ...Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`k${i}`, 1])),
    }),
  'a list of wrong values': (size) => list({ statuses: Array(halfOf(size)).fill(1) }),
  'a long list of right values': (size) => list({ ids: Array(halfOf(size)).fill(1) }),
  'a list in lists': (size) =>
    `{"query": ${JSON.stringify(list(null).query)}, "variables": {"input": {"ids": ${'['.repeat(halfOf(size))}${']'.repeat(halfOf(size))}}}}`,
  'a long title': (size) => create({ title: 'x'.repeat(size), description: '', name: 'x' }),
  'a title of marks': (size) =>
    create({ title: `a${'\u0301\u0316'.repeat(size / 12)}`, description: '', name: 'x' }),
  'one long text in fifty places': (size) => ({
    query: `query($text: String) { ${repeated((index) => `a${index}: tickets(input: { text: $text }) { id }`, 50)} }`,
    variables: { text: 'x'.repeat(size) },
  }),
  'errors beside a long literal': (size) => ({
    query: `mutation { ${badLiterals} z: createTicket(input: { title: "${'x'.repeat(size)}" }) { success } }`,
  }),
  'errors behind many lines': (size) => ({
    query: `${'\n'.repeat(halfOf(size))}mutation { ${badLiterals} }`,
  }),
  'errors behind a long comment': (size) => ({ query: `#${'x'.repeat(size)}\nmutation { ${badLiterals} }` }),
  'long literals that are no ids': (size) => ({
    query: `{ ${repeated((index) => `a${index}: ticket(id: "${'z'.repeat(size / 50)}") { id }`, 50)} }`,
  }),
  'a long name of a field': (size) => ({ query: `{ ${'f'.repeat(size)} }` }),
  'long names near a field': (size) => ({
    query: `{ ${repeated((index) => `ticketPag${'e'.repeat(size / 200)}${index}`, 200)} }`,
  }),
  'a text that never ends': (size) => ({ query: `{ ticket(id: "${'x'.repeat(size)}` }),
  'no query but braces': (size) => ({ query: '{a'.repeat(halfOf(size)) }),
};

async function refused(body: Body | string): Promise<{ text: string; errors: { message: string }[] }> {
  const response = await desk.proxy.handle(graphqlRequest(body));
  const text = await response.text();
  return { text, errors: JSON.parse(text).errors };
}

describe.each(Object.entries(hostile))('%s', (_, make) => {
  it('is refused in a time that grows with its length, with few and short errors', async () => {
    const { text, errors } = await refused(make(400_000));
    expect(errors.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(20_000);
    expect(await growthOverEight((size) => refused(make(size)), { size: 16_000 })).toBeLessThan(30);
  });
});

it('counts its mistakes up to ten', async () => {
  const { errors } = await refused({ query: `mutation { ${badLiterals} }` });
  expect(errors.length).toBeLessThanOrEqual(11);
});
