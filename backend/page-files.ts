/** How the files of the built page are served, by the desktop app and in a browser alike. */
import { isAbsolute, join, relative } from 'node:path';

/** By the ending of the name. */
export const pageTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.map': 'application/json; charset=utf-8',
};

/** Chromium 130 applies these to app:// as to https. Bootstrap draws its small icons as `data:` images. */
export const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The file's absolute path; undefined for a path that leads out of the folder. */
export function fileInside(folder: string, path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  const file = join(folder, path);
  const inside = relative(folder, file);
  const leadsOut = inside === '' || isAbsolute(inside) || inside.split(/[\\/]/)[0] === '..';
  return leadsOut ? undefined : file;
}
