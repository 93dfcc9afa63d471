/** Where the ticket service is: `built-in`, or another machine's host:port. */

export const builtInService = 'built-in';

export interface AddressCheck {
  /** Trimmed, as it is stored. */
  address: string;
  /** What is wrong and what to type instead; null when it can be used. */
  problem: string | null;
}

const hostName =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const ipV6 = /^\[[0-9a-f:.]{2,45}\]$/i;

/** Checks the form alone, a distinct text for each mistake; whether somebody answers there shows in the link's state. */
export function checkServiceAddress(typed: string): AddressCheck {
  const address = typed.trim();
  return { address, problem: address === builtInService ? null : problemOf(address) };
}

function problemOf(address: string): string | null {
  if (address === '')
    return `Type ${builtInService}, or the ticket service's host and port, as in tickets.example.org:50051.`;
  if (address.includes('://')) {
    return `Leave out ${address.slice(0, address.indexOf('://') + 3)}: the ticket service is reached by gRPC, so only host and port are wanted, as in tickets.example.org:50051.`;
  }
  const colon = address.lastIndexOf(':');
  const isBareIpV6 = colon > 0 && address.indexOf(':') !== colon && !address.startsWith('[');
  if (isBareIpV6) return 'Put an IPv6 address in brackets, as in [2001:db8::1]:50051.';
  if (colon < 0 || address.endsWith(']')) return `The port is missing, as in ${address}:50051.`;
  const host = address.slice(0, colon);
  const port = address.slice(colon + 1);
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return `"${port}" is no port: use a number from 1 to 65535, as in ${host || 'tickets.example.org'}:50051.`;
  }
  if (!hostName.test(host) && !ipV6.test(host)) {
    return `"${host}" is no host name: use letters, digits, dots and dashes, as in tickets.example.org:${port}.`;
  }
  return null;
}
