/** What every program here does the same way: run until it is told to stop, and fail in one line. */
import { once } from 'node:events';
import { DeskError } from '../errors.ts';

/** A terminal sends these to every process of its group, a parent and its children alike. */
const terminalSignals = ['SIGINT', 'SIGHUP'] as const;

/** For its end, of the 10 s after which a container's engine kills it: what it then still does is not worth waiting for. */
const stopMs = 9_500;

/**
 * Runs until SIGTERM, or SIGINT or SIGHUP of a terminal, then stops it and exits with 0, within 10 s in any case. A start
 * that fails says why in one line and exits with 1; so does an end that has to be cut off.
 * @param start its signal aborts when the program is told to stop while it still starts
 * @param options.stopOn what a parent says instead of a terminal: it hears the terminal too, and stops its parts in order.
 * @param options.onFailure told what ends it, in words
 */
export function runProgram(
  start: (signal: AbortSignal) => Promise<{ stop(): Promise<void> }>,
  options: { stopOn?: (stop: () => void) => void; onFailure?: (text: string) => void } = {},
): void {
  const stopping = new AbortController();
  let exitCode = 0;
  const fail = (thrown: unknown) => {
    console.error(thrown instanceof DeskError ? thrown.message : thrown);
    options.onFailure?.(thrown instanceof Error ? thrown.message : String(thrown));
    exitCode = 1;
    stopping.abort();
  };
  const stop = () => stopping.abort();
  process.on('SIGTERM', stop);
  for (const name of terminalSignals) process.on(name, options.stopOn ? () => {} : stop);
  options.stopOn?.(stop);
  // Whoever read the output may be gone (`serve | head`): no reason to stop, and telling it would fail again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('uncaughtException', fail);
  stopping.signal.addEventListener('abort', () => setTimeout(cutOff, stopMs).unref());

  async function run(): Promise<void> {
    const { signal } = stopping;
    const running = await start(signal);
    if (!signal.aborted) await once(signal, 'abort');
    await running.stop();
  }

  run()
    .catch((thrown) => {
      // What a start that was called off throws is no failure.
      if (!stopping.signal.aborted) fail(thrown);
    })
    .finally(() => process.exit(exitCode));
}

/** Nothing that was answered is lost by it: what counts is on the disk before its answer. */
function cutOff(): void {
  console.error(`Stopping took longer than ${stopMs / 1000} s and was cut off.`);
  process.exit(1);
}
