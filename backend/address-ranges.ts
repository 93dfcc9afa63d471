/** Addresses of computers, written as `10.0.0.7`, `10.0.0.0/24`, `fd00::7` or `fd00::/64`. */
import { BlockList, isIP } from 'node:net';

/** The widest that is taken: a network of one's own, and never the world. */
const leastPrefix = { ipv4: 16, ipv6: 48 } as const;
const mostPrefix = { ipv4: 32, ipv6: 128 } as const;

interface Range {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

function parse(text: string): Range | undefined {
  const [, address = '', digits] = /^([\da-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return { address, family, prefix: digits === undefined ? mostPrefix[family] : Number(digits) };
}

/** What is wrong with it, to stand behind the name of what holds it; undefined when nothing is. */
export function rangeProblem(text: string): string | undefined {
  const range = parse(text);
  if (!range) return 'has an entry that is no IP address or range of them, as 10.0.0.7 or 10.0.0.0/24 is';
  const { family, prefix, address } = range;
  if (prefix > mostPrefix[family]) {
    return `has a range whose prefix is over ${mostPrefix[family]}`;
  }
  // Also of an address written as IPv6 that stands for one of IPv4, and of those that stand for any.
  if (prefix < leastPrefix[family] || /^(0\.0\.0\.0|[0:]+)$/.test(address) || /^::ffff:/i.test(address)) {
    return `has a range wider than a network of one's own: at least /${leastPrefix.ipv4} of IPv4 and /${leastPrefix.ipv6} of IPv6`;
  }
  return undefined;
}

/** @param ranges with which nothing is wrong @returns whether an address is in one of them */
export function addressMatcher(ranges: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const { address, prefix, family } of ranges.flatMap((text) => parse(text) ?? [])) {
    list.addSubnet(address, prefix, family);
  }
  return (address = '') => {
    const version = isIP(address);
    // A caller by IPv4 on a socket of both is written ::ffff:10.0.0.7, and found all the same.
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}
