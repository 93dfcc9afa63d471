/** Who may talk to the desk over HTTP: not a page of another origin, nor one that points its own name at this address. */
import type { LogRefusal } from '../../counted-log.ts';
import { isRebound } from '../../loopback.ts';
import type { Admitted, ApiTokens } from '../../secrets.ts';
import { HttpRefusal } from '../server/request-body.ts';

/**
 * Elsewhere than on a loopback address, the token that is demanded keeps out a page that was rebound.
 * @throws HttpRefusal
 */
export function checkHost(request: Request, boundTo: string): void {
  if (!isRebound(request.headers.get('host'), boundTo)) return;
  throw new HttpRefusal(
    403,
    'FORBIDDEN',
    'This desk answers only under the address that it prints when it starts.',
  );
}

/** Browsers send Origin with every POST; what sends none is no page. @throws HttpRefusal */
export function checkOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const foreignSite = site === 'cross-site' || site === 'same-site';
  if (!foreignSite && (origin === null || originHost(origin) === request.headers.get('host'))) return;
  throw new HttpRefusal(403, 'FORBIDDEN', 'Pages of another origin can not use this desk.');
}

/** Null for `Origin: null` and for what is no web origin. */
function originHost(origin: string): string | null {
  const { protocol, host } = URL.canParse(origin) ? new URL(origin) : { protocol: '', host: null };
  return protocol === 'http:' || protocol === 'https:' ? host : null;
}

const texts = {
  none: 'This desk demands a token. Show the one that you were given, or that is in the file api-token of its data folder.',
  unknown: 'This desk demands a token, and this is none of its own. Check it, or ask for a new one.',
  expired: 'This token has expired. Ask whoever runs this desk for a new one.',
};

/** @param caller.peer the caller's address, for the log. @throws HttpRefusal */
export function checkToken(
  request: Request,
  tokens: ApiTokens,
  caller: { peer: string; logRefusal: LogRefusal },
): Admitted {
  const admission = tokens.admits(request.headers.get('authorization'));
  if (admission.admitted) return admission;
  caller.logRefusal({ ...admission, peer: caller.peer });
  throw new HttpRefusal(401, 'UNAUTHENTICATED', texts[admission.reason], {
    'www-authenticate': 'Bearer realm="Ticket Desk"',
  });
}
