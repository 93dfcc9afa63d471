/** The web face over HTTP, and how a person gets in. */
import { describe, expect, it } from 'vitest';
import { ApiTokens } from '../secrets.ts';
import { aToken, codeOf, json, post, send, serve } from './testing/served-proxy.ts';
import { openSignIn } from './web/sign-in.ts';

describe('the link that is printed', () => {
  async function serveWithLink() {
    const tokens = new ApiTokens([aToken]);
    const codes: string[] = [];
    const signIn = openSignIn({ tokens, onUsed: (next) => codes.push(next) });
    codes.push(signIn.code());
    const url = await serve({ tokens, signIn });
    const use = (code: string, headers: Record<string, string> = {}, method = 'POST') =>
      send(`${url}/session`, { method, headers: { authorization: `Bearer ${code}`, ...headers } });
    return { url, codes, use };
  }

  it('lets one browser in by its code, once, and then there is a new one', async () => {
    const { url, codes, use } = await serveWithLink();
    const answer = await use(codes[0] ?? '');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { token } = JSON.parse(answer.body);
    expect((await post(`${url}/graphql`, { authorization: `Bearer ${token}` })).status).toBe(200);

    const again = await use(codes[0] ?? '');
    expect(again.status).toBe(401);
    expect(codeOf(again)).toBe('UNAUTHENTICATED');
    expect(codes).toHaveLength(2);
    const other = JSON.parse((await use(codes[1] ?? '')).body).token;
    for (const session of [token, other]) {
      expect((await post(`${url}/graphql`, { authorization: `Bearer ${session}` })).status).toBe(200);
    }
  });

  it('opens nothing for another page, another method, or whoever has no code', async () => {
    const { codes, use } = await serveWithLink();
    const code = codes[0] ?? '';
    expect((await use(code, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await use(code, { host: 'evil.example' })).status).toBe(403);
    expect((await use(code, {}, 'GET')).status).toBe(401);
    for (const guess of ['', aToken, `${code}x`, code.slice(1)]) expect((await use(guess)).status).toBe(401);
    expect((await use(code)).status).toBe(200);
  });

  it('is no token itself, and its session none of another start', async () => {
    const { url, codes, use } = await serveWithLink();
    expect((await post(`${url}/graphql`, { authorization: `Bearer ${codes[0]}` })).status).toBe(401);
    const { token } = JSON.parse((await use(codes[0] ?? '')).body);
    const next = await serveWithLink();
    expect((await post(`${next.url}/graphql`, { authorization: `Bearer ${token}` })).status).toBe(401);
  });

  it('is not there where tokens were given', async () => {
    const url = await serve();
    expect((await send(`${url}/session`, { method: 'POST', headers: json })).status).toBe(404);
  });
});

describe('the web face', () => {
  it('is served at / with a strict policy and told to be asked for again', async () => {
    const answer = await send(`${await serve()}/`);
    expect(answer.body).toContain('Ticket Desk');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = answer.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('may keep what has a hash in its name', async () => {
    const answer = await send(`${await serve()}/assets/app-1a2b.js`);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..%5csecret.js',
    '/%00',
    '/%ff',
    '/none.js',
  ])('gives nothing from elsewhere: %s', async (path) => {
    const answer = await send((await serve()) + path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });
});

describe('an address that can not be had', () => {
  it('is named, with the variable to change', async () => {
    const url = await serve();
    const port = Number(new URL(url).port);
    await expect(serve({ port })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'PORT' });
    await expect(serve({ host: '192.0.2.1', tokens: new ApiTokens(['t']) })).rejects.toMatchObject({
      field: 'HOST',
    });
  });
});
