/** A program of the backend as its operator sees it: its output, its metrics, its end. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { sessionEnvironment } from '../../config.ts';
import { bundleBackend } from '../../testing/bundle.ts';
import { until } from '../../testing/desk-process.ts';
import { type ProgramOptions, spawnProgram } from '../../testing/program.ts';

export interface ObservedProgram {
  /** `http://host:port` of its metrics. */
  readonly operationsUrl: string;
  /** Everything it has printed so far, on standard output and error. */
  output(): string;
  /** Resolves once its output has this. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }>;
}

/** Resolves once it serves its metrics, which it does before anything else. */
export async function startObserved(
  program: ProgramOptions['program'],
  env: Record<string, string>,
): Promise<ObservedProgram> {
  const { child, log } = await spawnProgram({ program, env: { METRICS_PORT: '0', ...env } });
  log.ready.catch(() => {});
  let ended = false;
  void log.closed.then(() => {
    ended = true;
  });
  async function said(pattern: RegExp): Promise<RegExpExecArray> {
    await until(async () => {
      if (pattern.test(log.output())) return true;
      if (ended) throw new Error(`${program} has ended:\n${log.output()}`);
      return false;
    });
    return pattern.exec(log.output()) as RegExpExecArray;
  }
  const [, operationsUrl = ''] = await said(/"url":"([^"]+)","msg":"serving metrics"/);
  return {
    operationsUrl,
    output: log.output,
    said,
    async stop(signal = 'SIGTERM') {
      const startedAtMs = performance.now();
      child.kill(signal);
      const code = await log.closed;
      return { code, tookMs: performance.now() - startedAtMs };
    },
  };
}

/** What a container's health check says: it exits with 0 or 1. */
export async function checkHealth(
  env: Record<string, string>,
): Promise<{ code: number | string | null | undefined; output: string }> {
  const entry = path.join(await bundleBackend(), 'health-check.cjs');
  return await new Promise((resolve) => {
    execFile(process.execPath, [entry], { env: { ...sessionEnvironment(), ...env } }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, output: out + err }),
    );
  });
}
