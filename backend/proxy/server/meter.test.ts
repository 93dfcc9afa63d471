/** What may be too long is told by what it really is, and nothing is read once it is too long. */
import { expect, it, vi } from 'vitest';
import { limits } from '../../../proto/checks.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { createLogger } from '../../logger.ts';
import type { ProxyContext } from '../context.ts';
import { ask } from '../testing/real-proxy.ts';
import { createHandler } from './handler.ts';

/** A proxy whose service has as many tickets of this text as a list holds. */
async function proxyWith(description: string) {
  const tickets = Array.from({ length: limits.maxListLength }, (_, id) => ({
    id,
    title: 'Long',
    description,
  }));
  const list = vi.fn(async () => tickets);
  const client = { list, tokenAgent: () => undefined } as unknown as ProxyContext['client'];
  const { handle } = await createHandler({
    context: { client } as ProxyContext,
    logger: createLogger({ name: 'test', level: 'silent' }),
    appVersion: '1.2.3',
  });
  return { list, ask: (query: string) => ask(handle, query) };
}

const longest = '😀'.repeat(ticketFields.description.maxCharacters);
const aliased = (times: number, field: string) =>
  Array.from({ length: times }, (_, at) => `a${at}: ${field}`).join(' ');

it('the longest list there is, and four of short texts, are answered whole', async () => {
  const short = await (await proxyWith('short')).ask(`{ ${aliased(4, 'tickets { title description }')} }`);
  expect(short.data.a3).toHaveLength(limits.maxListLength);
  const { data } = await (await proxyWith(longest)).ask('{ tickets { title description } }');
  expect(data.tickets.at(-1)).toEqual({ title: 'Long', description: longest });
});

it.each([
  ['lists', `{ ${aliased(4, 'tickets { id }')} }`, 3],
  ['texts of one list', `{ tickets { ${aliased(4, 'description')} } }`, 1],
])('too many %s are refused as a whole, and no more is read', async (_, query, mayRead) => {
  const proxy = await proxyWith(longest);
  const { status, data, errors } = await proxy.ask(query);
  expect({ status, data, errors }).toEqual({
    status: 400,
    data: undefined,
    errors: [{ message: expect.stringMatching(/Ask for less/), extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(proxy.list).toHaveBeenCalledTimes(mayRead);
});
