/** For tests of the proxy over HTTP: a proxy on a small service and a web face, served as often as a test likes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ApiTokens } from '../../secrets.ts';
import { startHttp } from '../http.ts';
import type { SignIn } from '../web/sign-in.ts';
import { readParts } from './multipart-reader.ts';
import { silentLogger } from './outbox-desk.ts';
import { desk, service } from './small-desk.ts';

export { desk, service };

export const aToken = 'the-usual-token';
let folder: string;
export const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticket-desk-web-'));
  mkdirSync(join(folder, 'web/assets'), { recursive: true });
  writeFileSync(join(folder, 'web/index.html'), '<!doctype html><title>Ticket Desk</title>');
  writeFileSync(join(folder, 'web/assets/app-1a2b.js'), 'export {}');
  writeFileSync(join(folder, 'secret.js'), 'secret');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

export async function serve(
  options: { tokens?: ApiTokens; signIn?: SignIn; host?: string; port?: number } = {},
): Promise<string> {
  const http = await startHttp({
    handle: desk.proxy.handle,
    host: '127.0.0.1',
    port: 0,
    tokens: new ApiTokens([aToken]),
    staticDir: join(folder, 'web'),
    logger: silentLogger,
    ...options,
  });
  stops.push(http.stop);
  return http.url;
}

/** As send(), for an answer that goes on. */
export async function openStream(url: string, headers: Record<string, string>, body: string) {
  const request = httpRequest(url, { method: 'POST', headers, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end(body);
  });
  const parts = readParts(new Response(Readable.toWeb(response) as ReadableStream));
  return { statusCode: response.statusCode, parts };
}

export interface Sent {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** fetch() may set neither Host nor Origin; this sends what an attacker's browser would. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // The path as it is, not tidied up by URL.
    const path = url.slice(url.indexOf('/', 'http://'.length));
    // Each on a connection of its own: one that is kept would hold up the end of its server.
    const request = httpRequest({ hostname, port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

export const query = JSON.stringify({ query: '{ healthCheck }' });
export const json = { 'content-type': 'application/json', authorization: `Bearer ${aToken}` };
export const post = (url: string, headers: Record<string, string> = {}, body = query) =>
  send(url, { method: 'POST', headers: { ...json, ...headers }, body });
export const codeOf = ({ body }: Sent) => JSON.parse(body).errors?.[0]?.extensions.code;
