/** The built renderer as the web face: the same files for everybody, so they need no token. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileInside, pageHeaders, pageTypes } from '../../page-files.ts';

/** With every answer, whatever it is. */
export const securityHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

/** Answers undefined when there is no such file. */
export async function staticFile(folder: string, request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  try {
    const path = fileInside(folder, decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    const type = path && pageTypes[extname(path)];
    if (!path || !type) return undefined;
    const content = await readFile(path);
    // The bundler puts a hash of the content into the names of what is in assets/.
    const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(content), {
      headers: { 'content-type': type, 'content-length': String(content.length), 'cache-control': cache },
    });
  } catch {
    return undefined;
  }
}
