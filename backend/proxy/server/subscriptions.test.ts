import { afterEach, describe, expect, it, vi } from 'vitest';
import { createListeners } from '../../../proto/listeners.ts';
import { eventStream } from '../resolvers/event-stream.ts';
import { readParts } from '../testing/multipart-reader.ts';
import { graphqlRequest, proxyOn } from '../testing/real-proxy.ts';
import { desk, service } from '../testing/small-desk.ts';
import { multipartBody } from './subscriptions.ts';

afterEach(() => {
  vi.useRealTimers();
});

const subscribe = (query: string) => desk.proxy.handle(graphqlRequest({ query }));

async function* one<Value>(...values: Value[]) {
  yield* values;
}
const toErrors = (thrown: readonly unknown[]) => thrown.map((error) => ({ message: String(error) }));

describe('a multipart answer, byte by byte', () => {
  it('writes the boundary after each part, and ends with two dashes', async () => {
    const onClose = vi.fn();
    const body = multipartBody(one({ data: { a: 1 } }, { data: { a: 2 } }), { toErrors, onClose });
    expect(await new Response(body).text()).toBe(
      '\r\n--graphql' +
        '\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"a":1}}}\r\n--graphql' +
        '\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"a":2}}}\r\n--graphql' +
        '--\r\n',
    );
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('tells an error of the stream itself as the protocol says, and ends', async () => {
    async function* breaking() {
      yield { data: { a: 1 } };
      throw new Error('too slow');
    }
    const body = multipartBody(breaking(), { toErrors, onClose: () => {} });
    const text = await new Response(body).text();
    expect(
      text.endsWith('{"payload":null,"errors":[{"message":"Error: too slow"}]}\r\n--graphql--\r\n'),
    ).toBe(true);
  });

  it('sends a heartbeat every 5 s while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const events = eventStream<never>({ subscribe: () => () => {} });
    const body = multipartBody(events, { toErrors, onClose: () => {} });
    const reader = body.getReader();
    await reader.read();
    await vi.advanceTimersByTimeAsync(5_000);
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toBe('\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql');
    await reader.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a subscription', () => {
  it('has the content type that Apollo Client looks for', async () => {
    const response = await subscribe('subscription { linkChanged { state } }');
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"',
    );
    await response.body?.cancel();
  });

  it('to the link begins with its state now', async () => {
    const parts = readParts(await subscribe('subscription { linkChanged { state service } }'));
    const link = { state: 'CONNECTED', service: 'this computer' };
    expect(await parts.next()).toEqual({ payload: { data: { linkChanged: link } } });
    await parts.cancel();
  });

  it('to the outbox tells each step of a create, the last one too', async () => {
    const parts = readParts(
      await subscribe('subscription { outboxChanged { removed waiting entry { state id title } } }'),
    );
    await desk.ask(
      'mutation { createTicket(input: { title: "Seen", description: "", name: "A" }) { success } }',
    );
    const entry = { state: 'QUEUED', id: null, title: 'Seen' };
    expect(await parts.next()).toEqual({
      payload: { data: { outboxChanged: { removed: false, waiting: 1, entry } } },
    });
    expect(await parts.next()).toMatchObject({
      payload: { data: { outboxChanged: { removed: true, waiting: 0, entry: { state: 'STORED', id: 1 } } } },
    });
    await parts.cancel();
  });

  it('can come with variables, an operation name and a fragment', async () => {
    const query =
      'query Other { healthCheck } subscription Mine { ...F } fragment F on Subscription { linkChanged { state } }';
    const response = await desk.proxy.handle(graphqlRequest({ query, operationName: 'Mine' }));
    const parts = readParts(response);
    expect(await parts.next()).toMatchObject({ payload: { data: { linkChanged: { state: 'CONNECTED' } } } });
    await parts.cancel();
    const other = await desk.proxy.handle(graphqlRequest({ query, operationName: 'Other' }));
    expect(await other.json()).toEqual({ data: { healthCheck: 'success' } });
  });

  it('listens no longer once its reader has gone', async () => {
    const listeners = createListeners<number>();
    const events = eventStream<number>({ subscribe: listeners.add });
    const onClose = vi.fn();
    const results = (async function* () {
      for await (const a of events) yield { data: { a } };
    })();
    const ending = Object.assign(results, { return: () => events.return?.() as never });
    const body = multipartBody(ending, { toErrors, onClose });
    const reader = body.getReader();
    await reader.read();
    expect(listeners.size).toBe(1);
    await reader.cancel();
    expect(listeners.size).toBe(0);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('keeps at most 1,000 events for a reader that does not read, then ends with an error', async () => {
    const listeners = createListeners<number>();
    const events = eventStream<number>({ subscribe: listeners.add });
    for (let n = 0; n < 5_000; n += 1) listeners.emit(n);
    expect(listeners.size).toBe(0);
    await expect(events.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(events.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('ends when the desk stops', async () => {
    const own = await proxyOn({ address: service.address });
    const response = await own.proxy.handle(
      graphqlRequest({ query: 'subscription { outboxChanged { removed } }' }),
    );
    const text = response.text();
    await own.stop();
    expect(await text).toBe('\r\n--graphql--\r\n');
  });
});
