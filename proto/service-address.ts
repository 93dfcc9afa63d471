/** The form of a host:port, checked as it is typed: each mistake has its own answer. The page and main read the same. */

/** What is to be reached there, with an address of its kind and usual port. */
export const exampleAddresses = {
  'ticket service': 'tickets.example.org:50051',
  NSQ: 'nsqd.example.org:4150',
} as const;

export type Server = keyof typeof exampleAddresses;

/** What is wrong with a host:port, as a sentence that says how to mend it; null when nothing is. */
export function addressProblem(typed: string, server: Server): string | null {
  const address = typed.trim();
  const example = exampleAddresses[server];
  const usual = hostAndPort(example);
  if (address === '') {
    const what = server === 'NSQ' ? 'nsqd' : 'the ticket service';
    return `Type the address of ${what}, as in ${example}.`;
  }
  if (/\s/.test(address)) return 'An address has no blanks. Take them out.';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return `Only host and port, without "${address.slice(0, address.indexOf('://') + 3)}" in front.`;
  if (address.includes('/')) return 'Only host and port: take out the "/" and what follows it.';
  const { host, port } = parts(address);
  if (host.includes(':') && !host.startsWith('['))
    return `An IPv6 address stands in brackets, as in [::1]:${usual.port}.`;
  if (port === null)
    return `The port is missing: add a colon and its number, as in ${address}:${usual.port}.`;
  if (host === '') return 'The host is missing: put its name or IP address before the colon.';
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    return `"${port}" is no port: it is a number from 1 to 65535.`;
  return hostProblem(host, usual.port);
}

/** Wrong in a way that going on typing does not mend: worth saying before the person has finished. */
export function isHopeless(begun: string, server: Server): boolean {
  const goingOn = ['', '1', ':1', '1:1', ']:1', '1]:1'];
  return begun !== '' && goingOn.every((rest) => addressProblem(begun + rest, server) !== null);
}

/** Host (an IPv6 address without its brackets) and port of an address whose form is right. */
export function hostAndPort(address: string): { host: string; port: number } {
  const { host, port } = parts(address.trim());
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** The port stands behind the last colon, unless that one is inside an IPv6 address. */
function parts(address: string): { host: string; port: string | null } {
  const colon = address.lastIndexOf(':');
  if (colon < 0 || address.endsWith(']')) return { host: address, port: null };
  return { host: address.slice(0, colon), port: address.slice(colon + 1) };
}

function hostProblem(host: string, port: number): string | null {
  if (host.startsWith('[') || host.endsWith(']')) {
    const fits = /^\[[0-9a-f:.]{1,45}\]$/i.test(host);
    return fits ? null : `An IPv6 address stands in brackets, as in [::1]:${port}.`;
  }
  const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
  const fits = host.length <= 253 && host.split('.').every((part) => label.test(part));
  return fits ? null : `"${host}" is no host name: letters, digits, dots and dashes. Check its spelling.`;
}
