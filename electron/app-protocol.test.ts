import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ListPicture } from '../proto/desktop-bridge.ts';
import { appProtocol } from './app-protocol.ts';

const token = 'a-token-of-this-launch';
let picture: ListPicture | undefined;
const answered = vi.fn(async (_request: Request) => Response.json({ data: {} }));
const index = '<!doctype html><head></head><body><div id="root"></div></body>';
let folder: string;
let answer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-protocol-'));
  const rendererDir = join(folder, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), index);
  await writeFile(join(rendererDir, 'assets', 'main.js'), 'run()');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  const licencesFile = join(folder, 'licences.html');
  await writeFile(licencesFile, '<h1>Licences</h1>');
  const lastList = { read: async () => picture };
  answer = appProtocol({ rendererDir, licencesFile, token, backend: { handle: answered }, lastList });
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => answered.mockClear());

const get = (path: string) => answer(new Request(`app://desk${path}`));

describe('files', () => {
  test('the page is served at / with a policy that lets only its own scripts run', async () => {
    const response = await get('/');
    expect(await response.text()).toBe(index);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('the list that was there last stands in the page before its own place, with its rules', async () => {
    picture = { html: '<main>Printer $& jams</main>', css: '#last-list [data-at="0"]{top:2px}' };
    onTestFinished(() => {
      picture = undefined;
    });
    const response = await get('/');
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(await response.text()).toBe(
      '<!doctype html><head><link rel="stylesheet" href="/last-list.css" /></head><body>' +
        '<div id="last-list" inert aria-hidden="true"><main>Printer $& jams</main></div><div id="root"></div></body>',
    );
    const rules = await get('/last-list.css');
    expect(rules.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(await rules.text()).toBe(picture.css);
  });

  test('the licences are one page from outside the renderer, with a policy that lets nothing run or load', async () => {
    const response = await get('/licences.html');
    expect(await response.text()).toContain('Licences');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(policy).not.toContain('script-src');
  });

  test('a script is served with its type', async () => {
    const response = await get('/assets/main.js?v=1');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2fetc/passwd',
    '//etc/passwd',
    '/assets',
    '/assets/.',
    '/index.html%00.js',
    '/missing.js',
  ])('%s is not found', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test('a path that is no text is refused, not thrown', async () => {
    expect((await get('/%ff')).status).toBe(400);
  });

  test('another host of the scheme is empty', async () => {
    expect((await answer(new Request('app://other/'))).status).toBe(404);
    expect((await answer(new Request('app://other/graphql', { method: 'POST' }))).status).toBe(404);
  });

  test('nothing but GET', async () => {
    expect((await answer(new Request('app://desk/', { method: 'POST' }))).status).toBe(405);
  });
});

describe('GraphQL', () => {
  const post = (headers: Record<string, string>, init: RequestInit = {}) =>
    answer(new Request('app://desk/graphql', { method: 'POST', body: '{}', headers, ...init }));
  const json = { 'content-type': 'application/json' };

  test('a request with the token reaches the desk', async () => {
    const response = await post({ ...json, 'x-desk-token': token });
    expect(await response.json()).toEqual({ data: {} });
    expect(await answered.mock.calls[0]?.[0].text()).toBe('{}');
  });

  test.each([undefined, '', 'wrong', `${token}x`, token.slice(1)])(
    'the token %j is refused',
    async (given) => {
      const response = await post({ ...json, ...(given !== undefined && { 'x-desk-token': given }) });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(answered).not.toHaveBeenCalled();
    },
  );

  test('a type that a foreign form could send is refused', async () => {
    const response = await post({ 'content-type': 'text/plain', 'x-desk-token': token });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answered).not.toHaveBeenCalled();
  });

  test('GET is refused', async () => {
    const request = new Request('app://desk/graphql?query={healthCheck}', {
      headers: { 'x-desk-token': token },
    });
    expect((await answer(request)).status).toBe(400);
    expect(answered).not.toHaveBeenCalled();
  });
});

describe('a piece of a file to import', () => {
  const send = (headers: Record<string, string>) =>
    answer(new Request('app://desk/imports/one?at=0', { method: 'POST', body: 'a,b', headers }));

  test('reaches the desk with the token', async () => {
    await send({ 'x-desk-token': token });
    expect(await answered.mock.calls[0]?.[0].text()).toBe('a,b');
  });

  test('is refused without it', async () => {
    expect((await send({ 'x-desk-token': 'wrong' })).status).toBe(401);
    expect(answered).not.toHaveBeenCalled();
  });
});
