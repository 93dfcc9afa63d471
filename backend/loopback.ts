/** Which hosts mean this computer alone. */
import { isIP } from 'node:net';

/** Whether nobody but this computer reaches a server bound to this host; an IPv6 address with or without brackets. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/**
 * Whether a page got here by a name of its own: one that was rebound to 127.0.0.1 sends that name as Host. Elsewhere
 * than on a loopback address the names that people use are not known.
 */
export function isRebound(hostHeader: string | null | undefined, boundTo: string): boolean {
  return isLoopback(boundTo) && !isLoopback((hostHeader ?? '').replace(/:\d*$/, ''));
}
