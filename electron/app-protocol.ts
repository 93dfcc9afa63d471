/**
 * Serves the renderer and GraphQL on app://desk/, a scheme that exists in the desk's own session alone:
 * no port is open, and no other session can reach it.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileInside, pageHeaders, pageTypes } from '../backend/page-files.ts';
import { isSameSecret } from '../backend/secrets.ts';
import type { ListPicture } from '../proto/desktop-bridge.ts';
import { type Backend, errorResponse } from './backend.ts';
import type { LastList } from './last-list.ts';

export const appScheme = 'app';
export const appOrigin = 'app://desk';
/** The session of the desk's page: on disk, as drafts are in it. */
export const appPartition = 'persist:ticket-desk';
/** One in memory alone, where that on disk is of a newer desk and not to be touched. */
export const passingPartition = 'ticket-desk';
/** There in a package alone: see electron/licences-window.ts. */
export const licencesAddress = `${appOrigin}/licences.html`;

/**
 * For protocol.registerSchemesAsPrivileged, before the app is ready. `corsEnabled` is left out on purpose:
 * it would let other origins read the answers.
 */
export const appSchemePrivileges = {
  scheme: appScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** The page of licences runs nothing and loads nothing; its style stands in it. */
const licencesPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** No opener policy: nothing can open this page, and for its sake Chromium would start another process for it. */
const securityHeaders = {
  ...pageHeaders,
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-cache',
};

/**
 * The handler for protocol.handle. Never rejects: a handler that throws is only "Failed to fetch" to the page.
 * @param options.rendererDir absolute path of the built renderer.
 * @param options.licencesFile absolute path of the page of licences, where there is one.
 * @param options.token each GraphQL request must carry it as x-desk-token; made anew at each launch.
 */
export function appProtocol(options: {
  rendererDir: string;
  licencesFile?: string;
  token: string;
  backend: Pick<Backend, 'handle'>;
  lastList: Pick<LastList, 'read'>;
}): (request: Request) => Promise<Response> {
  const isToken = (given: string) => isSameSecret(given, options.token);
  let picture: ListPicture | undefined;

  return async (request) => {
    try {
      const url = new URL(request.url);
      if (url.host !== 'desk') return plainText(404, 'There is nothing here.');
      if (url.pathname === '/graphql') return await answerGraphql(request, isToken, options.backend);
      if (url.pathname.startsWith('/imports/')) return await takePiece(request, isToken, options.backend);
      if (request.method !== 'GET') return plainText(405, 'Only GET is answered here.');
      if (options.licencesFile && request.url === licencesAddress) {
        return await answerFile(options.licencesFile, { 'content-security-policy': licencesPolicy });
      }
      if (url.pathname === '/') {
        picture = await options.lastList.read();
        const page = await readFile(join(options.rendererDir, 'index.html'), 'utf8');
        return answer(withPicture(page, picture), '.html');
      }
      if (url.pathname === pictureRules) return answer(picture?.css ?? '', '.css');
      return await serveFile(options.rendererDir, url.pathname);
    } catch {
      return plainText(400, 'That address can not be read.');
    }
  };
}

/** Of a file that is to be imported; the backend checks the rest. */
async function takePiece(
  request: Request,
  isToken: (given: string) => boolean,
  backend: Pick<Backend, 'handle'>,
): Promise<Response> {
  return isToken(request.headers.get('x-desk-token') ?? '') ? backend.handle(request) : withoutToken();
}

function withoutToken(): Response {
  return errorResponse('UNAUTHENTICATED', "The request does not carry this launch's token.");
}

async function answerGraphql(
  request: Request,
  isToken: (given: string) => boolean,
  backend: Pick<Backend, 'handle'>,
): Promise<Response> {
  // The handler sees neither Origin nor Sec-Fetch-*: the token alone tells the desk's own page from another.
  if (!isToken(request.headers.get('x-desk-token') ?? '')) return withoutToken();
  if (request.method !== 'POST') return errorResponse('BAD_USER_INPUT', 'GraphQL is answered on POST alone.');
  // Any other type could be sent by a page of another origin without asking first.
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return errorResponse('BAD_USER_INPUT', 'Send GraphQL as application/json.');
  return backend.handle(request);
}

async function serveFile(rendererDir: string, pathname: string): Promise<Response> {
  const file = fileInside(rendererDir, decodeURIComponent(pathname.slice(1)));
  return file ? answerFile(file) : plainText(404, 'There is nothing here.');
}

async function answerFile(file: string, headers: Record<string, string> = {}): Promise<Response> {
  try {
    return answer(await readFile(file), extname(file).toLowerCase(), headers);
  } catch {
    return plainText(404, 'There is nothing here.');
  }
}

function answer(
  body: string | Buffer<ArrayBuffer>,
  extension: string,
  headers: Record<string, string> = {},
): Response {
  const type = pageTypes[extension] ?? 'application/octet-stream';
  return new Response(body, { headers: { ...securityHeaders, ...headers, 'content-type': type } });
}

const pictureRules = '/last-list.css';
const pagePlace = '<div id="root"></div>';

/** Before the page's own place, so that it is drawn while the page's scripts are loaded. */
function withPicture(page: string, picture: ListPicture | undefined): string {
  if (!picture) return page;
  return page
    .replace('</head>', `<link rel="stylesheet" href="${pictureRules}" /></head>`)
    .replace(
      pagePlace,
      () => `<div id="last-list" inert aria-hidden="true">${picture.html}</div>${pagePlace}`,
    );
}

function plainText(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  });
}
