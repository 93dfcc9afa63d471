import { gql } from '@apollo/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nowMs } from '../state/clock.ts';
import { readFailure } from '../state/failure.ts';
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

describe('a server that is silent', () => {
  const watch = gql`subscription Watch { linkChanged { state } }`;
  let say: (text: string) => void;

  /** It answers with this, and with what it is told to say then, until the request is given up. */
  function answerWith(start: string | undefined, type = 'application/json') {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('fetch', (_address: string, { signal }: { signal: AbortSignal }) => {
      const givenUp = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      if (start === undefined) return givenUp;
      const body = new ReadableStream<Uint8Array>({
        start(stream) {
          say = (text) => stream.enqueue(new TextEncoder().encode(text));
          say(start);
          givenUp.catch((reason) => stream.error(reason));
        },
      });
      return Promise.resolve(new Response(body, { headers: { 'content-type': type } }));
    });
  }

  it.each([
    ['never answers', undefined, 60_000],
    ['stops in the middle of an answer', '{"data":', 15_000],
  ])('is given up when it %s', async (_what, start, afterMs) => {
    answerWith(start);
    const failed = vi.fn();
    const asked = createClient().query({ query: read }).catch(failed);
    await vi.advanceTimersByTimeAsync(afterMs - 1_000);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    await asked;
    expect(readFailure(failed.mock.calls[0]?.[0])).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('is given up on a stream when no heartbeat comes any more', async () => {
    const part = (value: object) =>
      `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n---`;
    answerWith('\r\n---', 'multipart/mixed; boundary="-"');
    const heard = vi.fn();
    createClient().subscribe({ query: watch }).subscribe(heard);
    await vi.advanceTimersByTimeAsync(0);
    say(part({ payload: { data: { linkChanged: { state: 'CONNECTED' } } } }));
    for (let heartbeat = 0; heartbeat < 10; heartbeat += 1) {
      await vi.advanceTimersByTimeAsync(5_000);
      say(part({}));
    }
    await vi.advanceTimersByTimeAsync(14_000);
    expect(heard).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toHaveBeenLastCalledWith(
      expect.objectContaining({ error: new Error('The server is silent.') }),
    );
  });
});
