import { gql } from '@apollo/client';
import { afterEach, expect, it, vi } from 'vitest';
import { nowMs } from '../state/clock.ts';
import { createClient } from './client.ts';

const read = gql`query Read { healthCheck }`;
const file = gql`mutation File($input: NewTicket!) { createTicket(input: $input) { success } }`;

it("takes the server's clock for right where the computer's is wrong, by an answer that was not long on its way", async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-04T10:00:00Z') });
  const ask = async (tookMs: number, date = 'Wed, 04 Mar 2026 05:00:00 GMT') => {
    const headers = { 'content-type': 'application/json', date };
    vi.stubGlobal('fetch', async () => {
      vi.setSystemTime(Date.now() + tookMs);
      return new Response(JSON.stringify({ data: { healthCheck: true } }), { headers });
    });
    await createClient().query({ query: read });
    return new Date(nowMs()).toISOString();
  };
  expect(await ask(3_600_000)).toBe('2026-03-04T11:00:00.000Z');
  expect(await ask(0)).toBe('2026-03-04T05:00:00.000Z');
  vi.setSystemTime('2026-03-04T05:00:30Z');
  expect(await ask(0)).toBe('2026-03-04T05:00:30.000Z');
});

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
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

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
