/** Who may talk to the desk over HTTP: not a page of another origin, nor one that points its own name at this address. */
import { isIP } from 'node:net';
import { DeskError } from '../../errors.ts';
import type { Admission, ApiTokens } from '../../secrets.ts';

export interface Refusal {
  status: number;
  error: DeskError;
  headers?: Record<string, string>;
}

/** Whether the name or address means this computer alone. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** The host of a Host header without its port. */
function hostname(hostHeader: string): string {
  return hostHeader.replace(/:\d*$/, '');
}

/**
 * On a loopback address the Host must be one: a page whose name was rebound to 127.0.0.1 sends its own. Elsewhere the
 * names that people use are not known here, and the token that is demanded there keeps such a page out.
 */
export function refuseHost(request: Request, boundTo: string): Refusal | undefined {
  if (!isLoopback(boundTo)) return undefined;
  const host = request.headers.get('host');
  if (host !== null && isLoopback(hostname(host))) return undefined;
  const error = new DeskError(
    'FORBIDDEN',
    'This desk answers only under the address that it prints when it starts.',
  );
  return { status: 403, error };
}

/** Browsers send Origin with every POST; what sends none is no page. */
export function refuseOrigin(request: Request): Refusal | undefined {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const foreignSite = site === 'cross-site' || site === 'same-site';
  if (!foreignSite && (origin === null || originHost(origin) === request.headers.get('host')))
    return undefined;
  const error = new DeskError('FORBIDDEN', 'Pages of another origin can not use this desk.');
  return { status: 403, error };
}

/** Null for `Origin: null` and for what is no web origin. */
function originHost(origin: string): string | null {
  const { protocol, host } = URL.canParse(origin) ? new URL(origin) : { protocol: '', host: null };
  return protocol === 'http:' || protocol === 'https:' ? host : null;
}

const words = {
  none: 'This desk demands a token. Enter the one that you were given.',
  unknown: 'This desk demands a token, and this is none of its own. Check it, or ask for a new one.',
  expired: 'This token has expired. Ask whoever runs this desk for a new one.',
};

export type TokenRefusal = Refusal & Extract<Admission, { admitted: false }>;

export function refuseWithoutToken(request: Request, tokens: ApiTokens): TokenRefusal | undefined {
  const admission = tokens.admits(request.headers.get('authorization'));
  if (admission.admitted) return undefined;
  const error = new DeskError('UNAUTHENTICATED', words[admission.reason]);
  return { ...admission, status: 401, error, headers: { 'www-authenticate': 'Bearer realm="Ticket Desk"' } };
}
