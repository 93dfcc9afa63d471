import { request as httpRequest } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ApiTokens, hashedLine } from '../secrets.ts';
import { openApiTokens } from '../token-file.ts';
import { readParts } from './testing/multipart-reader.ts';
import { aCreate, silentLogger } from './testing/outbox-desk.ts';
import {
  codeOf,
  desk,
  json,
  openStream,
  post,
  query,
  send,
  serve,
  service,
  stops,
} from './testing/served-proxy.ts';

/** How long a server that stops lets its running answers finish. */
const drainMs = 5_000;

describe('GraphQL over HTTP', () => {
  it('answers at /graphql and /query, and health at /health', async () => {
    const url = await serve();
    for (const path of ['/graphql', '/query']) {
      expect(JSON.parse((await post(url + path)).body)).toEqual({ data: { healthCheck: 'success' } });
    }
    expect((await send(`${url}/health`)).status).toBe(200);
  });

  it('refuses what is too large', async () => {
    const url = await serve();
    const body = JSON.stringify({ query: `{ healthCheck } #${'x'.repeat(1024 * 1024)}` });
    const answer = await post(`${url}/graphql`, {}, body);
    expect(answer.status).toBe(413);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });

  it('streams a subscription as it happens, and forgets it when the client goes', async () => {
    const url = await serve();
    const { onLink } = desk.client;
    const forgotten = new Promise<void>((resolve) => {
      desk.client.onLink = (listener) => {
        const stop = onLink(listener);
        return () => {
          stop();
          resolve();
        };
      };
    });
    const leaving = new AbortController();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: 'subscription { linkChanged { state } }' }),
      signal: leaving.signal,
    });
    desk.client.onLink = onLink;
    const parts = readParts(response);
    expect(await parts.next()).toEqual({ payload: { data: { linkChanged: { state: 'CONNECTED' } } } });
    leaving.abort();
    await forgotten;
  });

  it('stops although a subscription is open', async () => {
    const url = await serve();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: 'subscription { outboxChanged { removed } }' }),
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stopped = Promise.all(stops.splice(0).map((stop) => stop()));
    vi.advanceTimersByTime(drainMs);
    vi.useRealTimers();
    await stopped;
    await expect(response.text()).rejects.toThrow();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});

describe('a page of another origin', () => {
  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this computer', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }],
  ])('can neither read nor write: %s', async (_, headers) => {
    const url = await serve();
    const create = JSON.stringify({
      query: 'mutation { createTicket(input: { title: "evil", description: "", name: "E" }) { success } }',
    });
    const before = service.tickets.size;
    const answer = await post(`${url}/graphql`, headers, create);
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(service.tickets.size).toBe(before);
    expect(desk.proxy.outbox.waiting().waiting).toBe(0);
  });

  it('gets no permission by a preflight, and no header that would let it read', async () => {
    const url = await serve();
    const preflight = await send(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
    for (const answer of [preflight, await send(`${url}/`), await post(`${url}/graphql`)]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });

  it('can not send a form, which needs no preflight', async () => {
    const url = await serve();
    const answer = await send(`${url}/graphql`, {
      method: 'POST',
      headers: { ...json, 'content-type': 'text/plain' },
      body: query,
    });
    expect(answer.status).toBe(415);
  });

  it.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
  ])('can not come by its own name bound to this computer: %s', async (host) => {
    const url = await serve();
    const headers = { host, origin: `http://${host}` };
    expect((await post(`${url}/graphql`, headers)).status).toBe(403);
    expect((await send(`${url}/`, { headers })).status).toBe(403);
  });

  it('is told from the web face of this desk itself', async () => {
    const url = await serve();
    const { host, port } = new URL(url);
    expect(
      (await post(`${url}/graphql`, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status,
    ).toBe(200);
    const named = `localhost:${port}`;
    expect((await post(`${url}/graphql`, { host: named, origin: `http://${named}` })).status).toBe(200);
  });
});

describe('a token that is demanded', () => {
  it('lets in whoever has one, and nobody else; the web face itself is open', async () => {
    const url = await serve({ tokens: new ApiTokens(['first-token', 'second']) });
    for (const authorization of ['', 'Bearer wrong', 'Bearer ', 'Basic second', 'second']) {
      const answer = await post(`${url}/graphql`, { authorization });
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    }
    for (const authorization of ['Bearer first-token', 'bearer second']) {
      expect((await post(`${url}/graphql`, { authorization })).status).toBe(200);
    }
    expect((await send(`${url}/`)).status).toBe(200);
    expect((await send(`${url}/health`)).status).toBe(200);
  });

  it('and nothing else lets in a file, of one type and by one method, under a UUID', async () => {
    const url = await serve({ tokens: new ApiTokens(['the-token']) });
    const address = `${url}/imports/0198c5a7-3b1e-7c4d-8a2f-0000000000aa`;
    const headers = { authorization: 'Bearer the-token', 'content-type': 'application/octet-stream' };
    const piece = { method: 'POST', headers, body: 'a,b' };
    expect((await send(address, { ...piece, headers: { ...headers, authorization: '' } })).status).toBe(401);
    const foreign = { ...headers, origin: 'https://evil.example' };
    expect((await send(address, { ...piece, headers: foreign })).status).toBe(403);
    const form = { ...headers, 'content-type': 'text/plain' };
    expect((await send(address, { ...piece, headers: form })).status).toBe(415);
    expect((await send(address, { method: 'GET', headers })).status).toBe(405);
    expect((await send(`${url}/imports/..%2Foutbox`, piece)).status).toBe(404);
    expect((await send(`${address}?at=3`, piece)).body).toBe('{"bytes":0}');
    expect((await send(address, piece)).body).toBe('{"bytes":3}');
  });

  it.each([
    ['a query', '{ tickets { id title description name status } }'],
    ['one of many', '{ a: tickets { title } b: outbox { entries { title } } c: ticket(id: 1) { title } }'],
    ['a mutation', 'mutation { updateTicket(input: { id: 1, status: "New" }) { ticket { title } } }'],
    ['a subscription', 'subscription { ticketChanged { ticket { title } } }'],
    ['introspection', '{ __schema { types { name fields { name } } } }'],
    ['a query that is not right', '{ tickets { titel } }'],
  ])('lets nothing of a ticket or of the schema out by %s', async (_name, document) => {
    const secretText = 'Nobody outside may read this';
    await desk.client.createTicket(
      { ...aCreate(), title: secretText },
      { signal: AbortSignal.timeout(5_000) },
    );
    const expired = hashedLine('the-expired-token', { name: 'Old', lastDay: '2020-01-01' });
    const url = await serve({ tokens: new ApiTokens(['right-token', expired]) });
    const body = JSON.stringify({ query: document });
    const accept = 'multipart/mixed;subscriptionSpec=1.0,application/json';
    for (const path of ['/graphql', '/query']) {
      for (const authorization of ['', 'Bearer wrong', 'Bearer the-expired-token']) {
        const answer = await post(url + path, { accept, authorization }, body);
        expect(answer.status).toBe(401);
        expect(codeOf(answer)).toBe('UNAUTHENTICATED');
        expect(answer.body).not.toMatch(/titel|title|ticketChanged|Nobody outside/);
        expect(answer.body).toContain(
          authorization.endsWith('expired-token') ? 'has expired' : 'demands a token',
        );
      }
    }
  });

  describe.each([
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'text/event-stream',
    'multipart/mixed',
    'multipart/mixed;subscriptionSpec=1.0',
    'Multipart/Mixed',
    '',
    undefined,
  ])('with Accept: %s', (accept) => {
    async function subscribe(url: string, token: string, path = '/graphql') {
      const headers = { ...json, ...(accept !== undefined && { accept }), authorization: `Bearer ${token}` };
      const body = JSON.stringify({ query: 'subscription { linkChanged { state } }' });
      // Undici's fetch asks for anything where nothing is asked for.
      const { statusCode, parts } = await openStream(`${url}${path}`, headers, body);
      expect(statusCode).toBe(200);
      await parts.next();
      let hasEnded = false;
      const readOn = async () => {
        // The link may say more of itself meanwhile.
        while (await parts.next());
        hasEnded = true;
      };
      return { ended: readOn(), hasEnded: () => hasEnded, cancel: parts.cancel };
    }

    it('ends the open subscriptions of a token that is withdrawn, and no other', async () => {
      const tokens = new ApiTokens(['stays-good', 'is-withdrawn']);
      const url = await serve({ tokens });
      const staying = await subscribe(url, 'stays-good');
      const going = await Promise.all([
        subscribe(url, 'is-withdrawn'),
        subscribe(url, 'is-withdrawn', '/query'),
      ]);
      tokens.replace(['stays-good']);
      await Promise.all(going.map(({ ended }) => ended));
      expect(staying.hasEnded()).toBe(false);
      await staying.cancel();
    });

    it('ends them when the token expires', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
      onTestFinished(() => void vi.useRealTimers());
      vi.setSystemTime('2026-11-24T23:59:58Z');
      const line = hashedLine('for-today-alone', { name: 'Ada', lastDay: '2026-11-24' });
      const { tokens, close } = openApiTokens({ entries: [line], file: undefined, logger: silentLogger });
      onTestFinished(close);
      const stream = await subscribe(await serve({ tokens }), 'for-today-alone');
      vi.advanceTimersByTime(2_000);
      await stream.ended;
    });
  });

  it('is looked at once more when the whole request is there, however slowly it came', async () => {
    const tokens = new ApiTokens(['is-withdrawn']);
    const url = new URL(await serve({ tokens }));
    const body = JSON.stringify({ query: '{ tickets { id } }' });
    const headers = { ...json, authorization: 'Bearer is-withdrawn', 'content-length': String(body.length) };
    const admitted = new Promise<void>((resolve) => {
      const { admits } = tokens;
      vi.spyOn(tokens, 'admits').mockImplementationOnce((...given) => {
        resolve();
        return admits.apply(tokens, given);
      });
    });
    const slow = httpRequest(new URL('/graphql', url), { method: 'POST', headers, agent: false });
    const status = new Promise((resolve, reject) => {
      slow.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    slow.write(body.slice(0, 5));
    await admitted;
    tokens.replace([]);
    slow.end(body.slice(5));
    expect(await status).toBe(401);
  });

  it('is demanded before anything is served to other computers, or to other users of this one', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      await expect(serve({ host, tokens: new ApiTokens([]) })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'API_TOKENS',
      });
    }
    const url = await serve({ host: '0.0.0.0', tokens: new ApiTokens(['t']) });
    const { port } = new URL(url);
    const headers = { host: 'desk.example', authorization: 'Bearer t', origin: 'http://desk.example' };
    expect((await post(`http://127.0.0.1:${port}/graphql`, headers)).status).toBe(200);
  });
});
