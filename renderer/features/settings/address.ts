/** The address of a ticket service, checked as it is typed: each mistake has its own answer. */

export const builtIn = 'built-in';

/** What is wrong with a host:port, as a sentence that says how to mend it; null when nothing is. */
export function addressProblem(address: string): string | null {
  if (address === builtIn) return null;
  if (address.trim() === '')
    return 'Type the address of the ticket service, as in tickets.example.org:50051.';
  if (/\s/.test(address)) return 'An address has no blanks. Take them out.';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    return `Only host and port, without "${address.slice(0, address.indexOf('://') + 3)}" in front.`;
  }
  if (address.includes('/')) return 'Only host and port: take out the "/" and what follows it.';
  const { host, port } = parts(address);
  if (port === null) return 'The port is missing: add a colon and its number, as in :50051.';
  if (host === '') return 'The host is missing: put its name or IP address before the colon.';
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return 'The port is a number from 1 to 65535.';
  }
  return hostProblem(host);
}

/** The port stands behind the last colon, unless that one is inside an IPv6 address. */
function parts(address: string): { host: string; port: string | null } {
  const colon = address.lastIndexOf(':');
  if (colon < 0 || address.endsWith(']')) return { host: address, port: null };
  return { host: address.slice(0, colon), port: address.slice(colon + 1) };
}

function hostProblem(host: string): string | null {
  if (host.startsWith('[') || host.endsWith(']')) {
    return /^\[[0-9a-f:.]+\]$/i.test(host) ? null : 'An IPv6 address stands in brackets, as in [::1]:50051.';
  }
  if (host.includes(':')) return 'An IPv6 address stands in brackets, as in [::1]:50051.';
  const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
  const fits = host.length <= 253 && host.split('.').every((part) => label.test(part));
  return fits ? null : 'The host holds a character that no host name has. Check its spelling.';
}

/** Wrong in a way that going on typing does not mend: worth saying before the person has finished. */
export function isHopeless(begun: string): boolean {
  const goingOn = ['', '1', ':1', '1:1', ']:1', '1]:1'];
  return begun !== '' && goingOn.every((rest) => addressProblem(begun + rest) !== null);
}
