/** A server for tests, as a container or as a process: started, broken on purpose, started again, removed. */

export interface TestService {
  /** Where other test services find it: in a container they have a 127.0.0.1 of their own. */
  readonly peerHost: string;
  /** kill -9; resolves once it is gone. Frozen or not. */
  kill(): Promise<void>;
  /** Starts it again after a kill, on the same ports and data; resolves once it serves. */
  start(): Promise<void>;
  /** Stops it from doing anything, while its connections stand. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Leaves nothing of it. */
  stop(): Promise<void>;
}

/** What a service needs to know of where it runs. */
export interface ServicePlace {
  dataDir: string;
  /** What it binds. */
  host: string;
  /** Where it finds what the test itself serves on every address. */
  testHost: string;
}

/** What is the same for a container and a process. */
export interface ServicePlan {
  /** For people. */
  name: string;
  /** What a container is told to run. */
  program: string;
  /** What it listens on, inside a container too, so that the addresses it tells are right. */
  ports: readonly number[];
  args(place: ServicePlace): string[];
  /** Name -> text; in its data folder before it starts. */
  files?: Record<string, string>;
  env?: Record<string, string>;
  /** False, or rejects, while it does not serve. */
  isReady(): Promise<boolean>;
}

/** How a service comes to this machine. */
export type Way =
  | { kind: 'container'; image: string }
  | { kind: 'process'; program: string }
  | { kind: 'none'; reason: string };

const startTimeoutMs = 60_000;
const pollMs = 20;

/** Resolves once the plan's server serves. @throws Error with `output` when `hasEnded` says so, or after 60 s. */
export async function untilReady(
  plan: ServicePlan,
  state: { hasEnded(): Promise<boolean>; output(): Promise<string> },
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (!(await plan.isReady().catch(() => false))) {
    if ((await state.hasEnded()) || performance.now() > deadline) {
      throw new Error(`${plan.name} does not serve:\n${await state.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
