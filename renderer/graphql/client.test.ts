import { gql } from '@apollo/client';
import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';

const read = gql`query Read { healthCheck }`;
const file = gql`mutation File($input: NewTicket!) { createTicket(input: $input) { success } }`;

/** As a browser whose computer changes its network: this many requests are broken off before one is answered. */
function breakOff(count: number) {
  const answer = { data: { healthCheck: true, createTicket: { success: true } } };
  const fetched = vi.fn(async () => {
    if (fetched.mock.calls.length <= count) throw new TypeError('Failed to fetch');
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
afterEach(() => vi.unstubAllGlobals());

it('asks again what the network broke off', async () => {
  const fetched = breakOff(3);
  const { data } = await createClient().query({ query: read });
  expect(data).toEqual({ healthCheck: true });
  expect(fetched).toHaveBeenCalledTimes(4);
});

it('says at last that nobody answers', async () => {
  breakOff(Number.POSITIVE_INFINITY);
  await expect(createClient().query({ query: read })).rejects.toThrow('Failed to fetch');
});

it('repeats a write that is done once by its requestId, and no other', async () => {
  const fetched = breakOff(1);
  const client = createClient();
  await client.mutate({ mutation: file, variables: { input: { requestId: 'r' } } });
  expect(fetched).toHaveBeenCalledTimes(2);

  const again = breakOff(1);
  await expect(client.mutate({ mutation: file, variables: { input: {} } })).rejects.toThrow();
  expect(again).toHaveBeenCalledTimes(1);
});
