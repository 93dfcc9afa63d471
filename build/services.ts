/**
 * Redis, NSQ and Postgres for tests and development: containers where a Docker engine answers, else programs on PATH,
 * else brought from apt (Redis, as root on Debian) or built (NSQ, where Go is). TEST_SERVICES=containers or
 * TEST_SERVICES=processes holds it to one way.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import {
  choiceVariable,
  chooseWay,
  encodeWay,
  images,
  type ServiceName,
  serviceNames,
} from '../backend/testing/service-choice.ts';
import type { Way } from '../backend/testing/test-service.ts';
import { root } from './bundle.ts';
import { cacheFolder } from './electron-fallback.ts';
import { findCommand, installedFromApt } from './system.ts';
import { Problem, say } from './terminal.ts';

const run = promisify(execFile);

const nsqModule = 'github.com/nsqio/nsq@v1.3.0';
const pullWithinMs = 120_000;
/** Longer than any container of these takes, shorter than anybody waits. */
const trialMs = 30_000;

const titles: Record<ServiceName, string> = {
  redis: 'Redis',
  nsqd: 'nsqd',
  nsqlookupd: 'nsqlookupd',
  postgres: 'Postgres of a team',
};

/** By what a test file shows that it needs a service. */
const starters: Record<ServiceName, RegExp> = {
  redis: /\bstartTestRedis\b|\bstartTestStack\b|\brunStackRounds\b/,
  nsqd: /\bstartTestNsqd\b|\bstartTestStack\b|\brunStackRounds\b/,
  nsqlookupd: /\bstartTestNsqlookupd\b/,
  postgres: /\bstartTeamPostgres\b|\bstartTestStack\b|\brunStackRounds\b/,
};

export interface PreparedServices {
  /** By these the tests know what was found out here. */
  env: Record<string, string>;
  /** How each service came, in words. */
  lines: string[];
  missing: { name: ServiceName; title: string; reason: string }[];
}

/** Finds out how each service comes to this machine, and brings what may be brought. @throws Problem: TEST_SERVICES is wrong */
export async function prepareServices(): Promise<PreparedServices> {
  const forced = process.env.TEST_SERVICES;
  if (forced !== undefined && forced !== 'containers' && forced !== 'processes') {
    throw new Problem(`TEST_SERVICES must be containers, processes or not set, not "${forced}"`);
  }
  const prepared: PreparedServices = { env: {}, lines: [], missing: [] };
  const unreachable = forced === 'processes' ? undefined : await whyContainersFail();
  if (unreachable !== undefined) say(`Containers are not used: ${unreachable}.`);
  if (unreachable !== undefined && forced === undefined) process.env.TEST_SERVICES = 'processes';
  for (const name of serviceNames) {
    const way = await bring(name, await chooseWay(name, { pullWithinMs }));
    prepared.env[choiceVariable(name)] = encodeWay(way);
    if (way.kind === 'none') prepared.missing.push({ name, title: titles[name], reason: way.reason });
    else prepared.lines.push(`${titles[name]}: ${describe(way)}`);
  }
  return prepared;
}

/** For what needs all of them, in this process and what it starts. @throws Problem: one can't be had */
export async function demandServices(): Promise<void> {
  const { env, lines, missing } = await prepareServices();
  for (const line of lines) say(line);
  const [first] = missing;
  if (first) throw new Problem(`${first.title} can't be had: ${first.reason}.`);
  Object.assign(process.env, env);
}

function describe(way: Exclude<Way, { kind: 'none' }>): string {
  if (way.kind === 'container') return `container ${way.image}`;
  return way.program === 'embedded' ? 'process, from the npm packages' : `process ${way.program}`;
}

/** Removes what runs that were killed have left, and this one's test workers. Nothing where there is no engine. */
export async function sweepServices(): Promise<void> {
  const { removeLeftContainers } = await import('../backend/testing/service-container.ts');
  await removeLeftContainers().catch(() => {});
}

/** The test files that start one of these services, by paths relative to the project. */
export function filesThatNeed(names: readonly ServiceName[]): string[] {
  if (names.length === 0) return [];
  return readdirSync(join(root, 'backend'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, 'backend', name))
    .filter((path) => path.endsWith('.integration.test.ts'))
    .filter((path) => {
      const text = readFileSync(path, 'utf8');
      return names.some((name) => starters[name].test(text));
    })
    .map((path) => relative(root, path));
}

/** An engine on another machine, or beside this container, runs everything and can be reached by none of it. */
async function whyContainersFail(): Promise<string | undefined> {
  const { whyNoContainer } = await import('../backend/testing/service-container.ts');
  const reason = await whyNoContainer(images.redis, pullWithinMs);
  if (reason !== undefined) return reason;
  process.env[choiceVariable('redis')] = encodeWay({ kind: 'container', image: images.redis });
  try {
    const { startTestRedis } = await import('../backend/testing/services.ts');
    const started = startTestRedis();
    const timeout = new Promise<never>((_, reject) =>
      setTimeout(reject, trialMs, new Error('it did not answer on 127.0.0.1')).unref(),
    );
    await (await Promise.race([started, timeout])).stop();
    return undefined;
  } catch (thrown) {
    return `one was tried, and ${thrown instanceof Error ? thrown.message : thrown}`;
  } finally {
    delete process.env[choiceVariable('redis')];
  }
}

/** What is nowhere is installed or built, where that may be done from here. */
async function bring(name: ServiceName, way: Way): Promise<Way> {
  if (way.kind !== 'none' || process.env.TEST_SERVICES === 'containers') return way;
  try {
    if (name === 'redis' && (await installedFromApt(['redis-server']))) return await chooseWay(name);
    if ((name === 'nsqd' || name === 'nsqlookupd') && findCommand('go')) {
      return { kind: 'process', program: await buildNsq(name) };
    }
  } catch (thrown) {
    return {
      kind: 'none',
      reason: `${way.reason}, and ${thrown instanceof Error ? thrown.message : thrown}`,
    };
  }
  const remedy = name === 'redis' ? 'Install Redis 7 or later' : 'Install NSQ 1.3, or Go to build it';
  return { kind: 'none', reason: `${way.reason}. ${remedy}, or start Docker` };
}

/** One of NSQ's programs, built once and kept. `go install` can't: nsq's go.mod has a replace line. */
async function buildNsq(program: 'nsqd' | 'nsqlookupd'): Promise<string> {
  const folder = join(cacheFolder(), 'nsq-1.3.0');
  const built = join(folder, program);
  if (existsSync(built)) return built;
  say(`Building ${program} with Go into ${folder}`);
  const { stdout } = await run('go', ['mod', 'download', '-json', nsqModule]);
  const { Dir: sources }: { Dir: string } = JSON.parse(stdout);
  const work = mkdtempSync(join(tmpdir(), 'ticket-desk-nsq-'));
  try {
    // A copy: the module cache can't be written to.
    cpSync(sources, work, { recursive: true });
    await run('chmod', ['-R', 'u+w', work]);
    mkdirSync(folder, { recursive: true });
    const made = `${built}.${process.pid}`;
    await run('go', ['build', '-o', made, `./apps/${program}`], { cwd: work });
    // Whole or not at all, whoever else is building it.
    renameSync(made, built);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return built;
}
