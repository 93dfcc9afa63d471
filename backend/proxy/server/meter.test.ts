/** What may be too long is told by what it really is, and nothing is read once it is too long. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limits } from '../../../proto/checks.ts';
import { ticketFields, ticketValues } from '../../../proto/ticket-fields.ts';
import { linkState } from '../testing/link-state.ts';
import { type ProxyOn, proxyOn } from '../testing/real-proxy.ts';
import { type SmallService, startSmallService } from '../testing/small-service.ts';

let service: SmallService;
let desk: ProxyOn;
beforeAll(async () => {
  service = await startSmallService({});
  desk = await proxyOn({ address: service.address });
  await linkState(desk.client, 'CONNECTED');
});
afterAll(async () => {
  await desk.stop();
  await service.stop();
});

/** As many as a list holds. */
function keep(description: string): void {
  for (let id = 1; id <= limits.maxListLength; id += 1) {
    const told = { requestId: '', createdAt: '', updatedAt: '', dueAt: '', assignee: null, version: 1 };
    service.tickets.set(id, { ...ticketValues({ title: 'Long', name: 'Ada', description }), ...told, id });
  }
}

const longest = '😀'.repeat(ticketFields.description.maxCharacters);
const aliased = (times: number, field: string) =>
  Array.from({ length: times }, (_, at) => `a${at}: ${field}`).join(' ');
const reads = () => service.calls.filter(({ rpc }) => rpc === 'GetTicketList').length;

it('the longest list there is, and four of short texts, are answered whole', async () => {
  keep('short');
  const { data } = await desk.ask(`{ ${aliased(4, 'tickets { title description }')} }`);
  expect(data.a3).toHaveLength(limits.maxListLength);
  keep(longest);
  const { data: all } = await desk.ask('{ tickets { title description } }');
  expect(all.tickets.at(-1)).toEqual({ title: 'Long', description: longest });
});

it.each([
  ['lists', `{ ${aliased(4, 'tickets { id }')} }`, 3],
  ['texts of one list', `{ tickets { ${aliased(4, 'description')} } }`, 1],
])('too many %s are refused as a whole, and no more is read', async (_, query, mayRead) => {
  keep(longest);
  const before = reads();
  const { status, data, errors } = await desk.ask(query);
  expect({ status, data, errors }).toEqual({
    status: 400,
    data: undefined,
    errors: [{ message: expect.stringMatching(/Ask for less/), extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(reads() - before).toBe(mayRead);
});
