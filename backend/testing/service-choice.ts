/**
 * How each test service comes to this machine: what `npm test` has found out and set (TEST_REDIS and its like), else a
 * container whose image is there, else a program on PATH.
 */
import { findCommand } from '../../build/system.ts';
import type { Way } from './test-service.ts';

export const serviceNames = ['redis', 'nsqd', 'nsqlookupd', 'postgres'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** As docker-compose.yml has them. */
export const images: Record<ServiceName, string> = {
  redis: 'redis:8',
  nsqd: 'nsqio/nsq:v1.3.0',
  nsqlookupd: 'nsqio/nsq:v1.3.0',
  postgres: 'postgres:17',
};

/** A Postgres of this machine is not looked for: the one that the packages bring is there already. */
const programs = { redis: 'redis-server', nsqd: 'nsqd', nsqlookupd: 'nsqlookupd' } as const;

/** What carries a choice to the tests: `container:redis:8`, `process:/usr/bin/redis-server` or `none:the reason`. */
export function choiceVariable(name: ServiceName): string {
  return `TEST_${name.toUpperCase()}`;
}

export function encodeWay(way: Way): string {
  if (way.kind === 'container') return `container:${way.image}`;
  return way.kind === 'process' ? `process:${way.program}` : `none:${way.reason}`;
}

function decodeWay(text: string): Way {
  const [, kind, rest = ''] = /^(container|process|none):(.*)$/s.exec(text) ?? [];
  if (kind === 'container') return { kind, image: rest };
  if (kind === 'process') return { kind, program: rest };
  return { kind: 'none', reason: rest || `"${text}" names no way` };
}

/** @param options.pullWithinMs how long an image that is not there may take to come; 0: it must be there */
export async function chooseWay(name: ServiceName, options = { pullWithinMs: 0 }): Promise<Way> {
  const forced = process.env.TEST_SERVICES;
  const reasons: string[] = [];
  if (forced !== 'processes') {
    // Loaded only here: it takes half a second.
    const { whyNoContainer } = await import('./service-container.ts');
    const reason = await whyNoContainer(images[name], options.pullWithinMs);
    if (reason === undefined) return { kind: 'container', image: images[name] };
    reasons.push(reason);
  }
  if (forced !== 'containers') {
    if (name === 'postgres') return { kind: 'process', program: 'embedded' };
    const program = findCommand(programs[name]);
    if (program) return { kind: 'process', program };
    reasons.push(`there is no ${programs[name]} on PATH`);
  }
  return { kind: 'none', reason: reasons.join(', and ') };
}

const chosen = new Map<ServiceName, Promise<Way>>();

/** The way for this process, found out once. */
export function wayOf(name: ServiceName): Promise<Way> {
  const known = process.env[choiceVariable(name)];
  const way = chosen.get(name) ?? (known ? Promise.resolve(decodeWay(known)) : chooseWay(name));
  chosen.set(name, way);
  return way;
}
