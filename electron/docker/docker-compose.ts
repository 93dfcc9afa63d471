/** Asks `docker compose` about one compose file, and has it do things with it. */
import { type Container, readContainers, readPlan, type ServicePlan } from './containers.ts';
import type { Docker, DockerRun, RunOptions } from './docker.ts';
import { problemIn, problemWords } from './docker-problems.ts';

/** Docker can't be used, or not for this; the message says what to do. */
export class Unavailable extends Error {}

export interface Compose {
  /** @throws Unavailable when Docker can't be used; a failure of what was asked is in the answer's code. */
  run(args: readonly string[], options?: RunOptions): Promise<DockerRun>;
  /** What it prints. @throws Unavailable, also when what was asked failed */
  ask(args: readonly string[], signal?: AbortSignal): Promise<string>;
  /** The services that the file names; read once. @throws Unavailable */
  plan(): Promise<ServicePlan[]>;
  /** Those that are there, whatever their state. @throws Unavailable */
  containers(signal?: AbortSignal): Promise<Container[]>;
}

export interface ComposeOptions {
  docker: Docker;
  /** Absolute path of docker-compose.yml. */
  composeFile: string;
  platform: NodeJS.Platform;
  /** Ends all that runs, and keeps anything more from it. */
  signal: AbortSignal;
}

/** As long as a question may take (ms). A daemon that hangs answers never. */
const answerMs = 15_000;

export function composeOf({ docker, composeFile, platform, signal: closing }: ComposeOptions): Compose {
  let plan: ServicePlan[] | undefined;

  async function run(args: readonly string[], options: RunOptions = {}): Promise<DockerRun> {
    const signal = AbortSignal.any([closing, ...(options.signal ? [options.signal] : [])]);
    let answer: DockerRun;
    try {
      answer = await docker(['compose', '--file', composeFile, ...args], { ...options, signal });
    } catch (thrown) {
      signal.throwIfAborted();
      const { name, code } = thrown as NodeJS.ErrnoException;
      if (name === 'TimeoutError') throw new Unavailable(problemWords('silent', platform));
      if (code === 'ENOENT' || code === 'EACCES') throw new Unavailable(problemWords('missing', platform));
      throw thrown;
    }
    const problem = answer.code === 0 ? null : problemIn(answer.stderr);
    if (problem) throw new Unavailable(problemWords(problem, platform));
    return answer;
  }

  async function ask(args: readonly string[], signal?: AbortSignal): Promise<string> {
    const answer = await run(args, { timeoutMs: answerMs, ...(signal && { signal }) });
    if (answer.code === 0) return answer.stdout;
    throw new Unavailable(`Docker can't say how the stack does: ${lastLines(answer.stderr, 3).join(' ')}`);
  }

  return {
    run,
    ask,
    async plan() {
      plan ??= readPlan(await ask(['config', '--format', 'json']));
      return plan;
    },
    containers: async (signal) => readContainers(await ask(['ps', '--all', '--format', 'json'], signal)),
  };
}

/** The last ones that say anything. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
