/**
 * The compose stack on this computer: looks how it does, starts and stops it, and tells each step. It goes on
 * running when the app is closed, as its restart policy says, until it is stopped here.
 */
import { DeskError } from '../../backend/errors.ts';
import type { Logger } from '../../backend/logger.ts';
import { pause } from '../../backend/pause.ts';
import type { DockerStatus } from '../../proto/desktop-bridge.ts';
import { publishedAddress, serviceStates } from './containers.ts';
import type { DockerRun } from './docker.ts';
import { type ComposeOptions, composeOf, lastLines, Unavailable } from './docker-compose.ts';
import { readProgress, type SeenStates } from './progress.ts';
import { logLines, stackLooks } from './stack-looks.ts';

/** How the desk reaches the services of the stack. */
export interface StackLink {
  grpcAddress: string;
  nsqdAddress: string;
  apiToken: string;
}

export interface DockerStack {
  /** Looks how it does now; while it starts or stops, answers how far that is. Never rejects. */
  status(): Promise<DockerStatus>;
  /** Builds what is missing, starts everything and waits until it is healthy. Never rejects; a second call joins the first. */
  start(): Promise<DockerStatus>;
  /** Stops everything, also a start that is under way; the data stays. Never rejects. */
  stop(): Promise<DockerStatus>;
  /** @throws DeskError UNAVAILABLE: it does not run; the text says why. */
  link(): Promise<StackLink>;
  /** Leaves the stack as it is, and ends what this app runs to control it. */
  close(): Promise<void>;
}

export interface StackOptions extends Omit<ComposeOptions, 'signal'> {
  logger: Logger;
  /** Told each change while it starts and stops. */
  onStatus: (status: DockerStatus) => void;
}

/** Every so often the containers are looked at while they start (ms). */
const lookEveryMs = 700;

/** As they are named in docker-compose.yml, with the ports inside the containers. */
const ticketService = { name: 'ticket-service', port: 50_051 };
const nsqd = { name: 'nsqd', port: 4_150 };

const upCommand = [
  '--progress',
  'plain',
  'up',
  // Else an updated app would go on with the images of the one before; unchanged, it costs a second.
  '--build',
  '--detach',
  '--wait',
  '--wait-timeout',
  '300',
];

/** The token that callers show, as docker-compose.yml documents it. */
const tokenCommand = ['exec', '-T', 'proxy', 'cat', '/run/secrets/api-token'];

const notRunning = 'The stack on Docker does not run. Start it in the settings.';

export function dockerStack(options: StackOptions): DockerStack {
  const { onStatus } = options;
  const closing = new AbortController();
  const compose = composeOf({ ...options, signal: closing.signal });
  const { look, notAvailable } = stackLooks(compose, options.logger);
  /** The start or stop that is under way. */
  let work: { promise: Promise<DockerStatus>; abort: AbortController; kind: 'start' | 'stop' } | undefined;
  /** Why the last start came to nothing: only that start knew. */
  let failedStart: DockerStatus | undefined;
  let latest: DockerStatus = { phase: 'looking', services: [], text: null, log: [] };

  function tell(status: DockerStatus): DockerStatus {
    if (JSON.stringify(status) !== JSON.stringify(latest)) onStatus(status);
    latest = status;
    return status;
  }

  /** Tells how far it is until what runs has ended or `signal` aborts. */
  async function telling(
    { phase, seen, signal }: { phase: DockerStatus['phase']; seen: SeenStates; signal: AbortSignal },
    running: Promise<DockerRun>,
  ): Promise<DockerRun> {
    const ended = new AbortController();
    const told = tellProgress(phase, seen, AbortSignal.any([ended.signal, signal]));
    return running.finally(async () => {
      ended.abort();
      await told;
    });
  }

  async function tellProgress(phase: DockerStatus['phase'], seen: SeenStates, signal: AbortSignal) {
    while (!signal.aborted) {
      const found = await compose.containers(signal).catch(() => null);
      if (signal.aborted) return;
      const services = found && serviceStates(await compose.plan(), found, seen);
      if (services) tell({ phase, services, text: null, log: [] });
      await pause(lookEveryMs, signal);
    }
  }

  async function up(signal: AbortSignal): Promise<DockerStatus> {
    const seen: SeenStates = new Map();
    const plan = await compose.plan();
    tell({ phase: 'starting', services: serviceStates(plan, [], seen), text: null, log: [] });
    const lines: string[] = [];
    const running = compose.run(upCommand, {
      signal,
      onLine(line) {
        if (lines.push(line) > logLines) lines.shift();
        readProgress(line, plan, seen);
      },
    });
    const answer = await telling({ phase: 'starting', seen, signal }, running);
    const status = await look();
    if (answer.code === 0 || status.phase === 'unavailable' || status.phase === 'failed') return status;
    const why = lines.findLast((line) => /error|failed|denied/i.test(line))?.trim();
    const text = why ? `The stack could not be started. ${why}` : 'The stack could not be started.';
    failedStart = { ...status, phase: 'failed', text, log: lines.filter((line) => line.trim() !== '') };
    return failedStart;
  }

  async function down(): Promise<DockerStatus> {
    const services = serviceStates(await compose.plan(), await compose.containers(), new Map());
    tell({ phase: 'stopping', services, text: null, log: [] });
    const running = compose.run(['stop']);
    const answer = await telling({ phase: 'stopping', seen: new Map(), signal: closing.signal }, running);
    if (answer.code === 0) return await look();
    const log = lastLines(answer.stderr, logLines);
    return { ...latest, phase: 'failed', text: 'The stack could not be stopped.', log };
  }

  function begin(
    kind: 'start' | 'stop',
    run: (signal: AbortSignal) => Promise<DockerStatus>,
  ): Promise<DockerStatus> {
    const abort = new AbortController();
    failedStart = undefined;
    const promise = run(abort.signal)
      .catch((thrown) => (abort.signal.aborted || closing.signal.aborted ? look() : notAvailable(thrown)))
      .then((status) => {
        if (work?.promise === promise) work = undefined;
        return tell(status);
      });
    work = { promise, abort, kind };
    return promise;
  }

  return {
    async status() {
      if (work) return latest;
      const found = await look();
      // A start or stop may have begun meanwhile, and knows better.
      if (work) return latest;
      const isAsItFailed = JSON.stringify(found.services) === JSON.stringify(failedStart?.services);
      return tell(isAsItFailed && failedStart ? failedStart : found);
    },
    start() {
      if (work?.kind === 'start') return work.promise;
      const before = work?.promise;
      return begin('start', async (signal) => {
        await before;
        return up(signal);
      });
    },
    stop() {
      if (work?.kind === 'stop') return work.promise;
      const before = work;
      before?.abort.abort();
      return begin('stop', async () => {
        await before?.promise;
        return down();
      });
    },
    async link() {
      try {
        const found = await compose.containers();
        const grpcAddress = publishedAddress(found, ticketService.name, ticketService.port);
        const nsqdAddress = publishedAddress(found, nsqd.name, nsqd.port);
        if (!grpcAddress || !nsqdAddress) throw new Unavailable(notRunning);
        return { grpcAddress, nsqdAddress, apiToken: (await compose.ask(tokenCommand)).trim() };
      } catch (thrown) {
        const { text } = notAvailable(thrown);
        throw new DeskError('UNAVAILABLE', text ?? notRunning, { cause: thrown });
      }
    },
    async close() {
      closing.abort();
      await work?.promise;
    },
  };
}
