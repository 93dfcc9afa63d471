/** What `docker compose` says of its services, read. */
import * as z from 'zod';
import type { DockerServiceState, DockerStatus } from '../../proto/desktop-bridge.ts';

const containerSchema = z.object({
  Service: z.string(),
  /** created, running, paused, restarting, removing, exited, dead */
  State: z.string(),
  /** healthy, starting, unhealthy; empty without a health check */
  Health: z.string().default(''),
  ExitCode: z.number().default(0),
  Publishers: z
    .array(z.object({ URL: z.string(), TargetPort: z.number(), PublishedPort: z.number() }))
    .nullish(),
});

export type Container = z.infer<typeof containerSchema>;

/** @param text of `docker compose ps --all --format json`: an object a line. */
export function readContainers(text: string): Container[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => containerSchema.parse(JSON.parse(line)));
}

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({ build: z.unknown().optional(), restart: z.string().default('no') }),
  ),
});

export interface ServicePlan {
  name: string;
  /** Its image is built here, not fetched. */
  isBuilt: boolean;
  /** It has one thing to do and ends; the others run until they are stopped. */
  isOneShot: boolean;
}

/** @param text of `docker compose config --format json` */
export function readPlan(text: string): ServicePlan[] {
  const { services } = composeSchema.parse(JSON.parse(text));
  return Object.entries(services).map(([name, { build, restart }]) => ({
    name,
    isBuilt: Boolean(build),
    isOneShot: restart === 'no',
  }));
}

/** The worst comes first: a service does as its worst container does. */
const worstFirst = ['failed', 'stopped', 'created', 'starting', 'done', 'healthy'] as const;

function stateOf({ State, Health, ExitCode }: Container, isOneShot: boolean): (typeof worstFirst)[number] {
  switch (State) {
    case 'running':
      if (Health === 'unhealthy') return 'failed';
      return Health === 'starting' || isOneShot ? 'starting' : 'healthy';
    case 'created':
      return 'created';
    case 'restarting':
    case 'dead':
      return 'failed';
    case 'exited':
      // What is to run comes back by itself, unless somebody stopped it.
      if (!isOneShot) return 'stopped';
      return ExitCode === 0 ? 'done' : 'failed';
    default:
      return 'stopped';
  }
}

/** How each service does, in the order of the plan. @param before what is known of those without a container. */
export function serviceStates(
  plan: readonly ServicePlan[],
  containers: readonly Container[],
  before: ReadonlyMap<string, DockerServiceState>,
): DockerStatus['services'] {
  return plan.map(({ name, isOneShot }) => {
    const states = containers
      .filter(({ Service }) => Service === name)
      .map((container) => stateOf(container, isOneShot));
    const state = worstFirst.find((one) => states.includes(one)) ?? before.get(name) ?? 'waiting';
    return { name, state };
  });
}

/** `host:port` on this computer at which a service's port is reached; undefined while it is not. */
export function publishedAddress(
  containers: readonly Container[],
  service: string,
  targetPort: number,
): string | undefined {
  for (const container of containers.filter(({ Service }) => Service === service)) {
    const found = container.Publishers?.find(
      (port) => port.TargetPort === targetPort && port.PublishedPort > 0,
    );
    if (found) return `127.0.0.1:${found.PublishedPort}`;
  }
  return undefined;
}
