/** Who may talk to the desk over HTTP: not a page of another origin, nor one that points its own name at this address. */
import { DeskError } from '../../errors.ts';
import { isRebound } from '../../loopback.ts';
import type { Admission, ApiTokens } from '../../secrets.ts';

export interface Refusal {
  status: number;
  error: DeskError;
  headers?: Record<string, string>;
}

/** Elsewhere than on a loopback address, the token that is demanded keeps out a page that was rebound. */
export function refuseHost(request: Request, boundTo: string): Refusal | undefined {
  if (!isRebound(request.headers.get('host'), boundTo)) return undefined;
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
  none: 'This desk demands a token. Show the one that you were given, or that is in the file api-token of its data folder.',
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
