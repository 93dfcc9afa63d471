/** Runs a command that downloads into a folder, and shows how far it is by how much the folder holds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startProgress } from './terminal.ts';

export interface WatchedCommand {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Where the bytes arrive. */
  folder: string;
  /** Expected size of the largest file there. */
  totalBytes: number;
  label: string;
  /** Given up when nothing has arrived for this long. */
  stallMs: number;
}

/** Size of the largest file under `folder`, in bytes; a file that goes away meanwhile counts as nothing. */
export function largestFileBytes(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : 0;
  });
  return Math.max(0, ...sizes);
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}

/** @returns whether the command ended with 0, and what it wrote to stderr. */
export async function runWatched(options: WatchedCommand): Promise<{ ok: boolean; errors: string }> {
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: options.env ?? process.env,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const progress = startProgress(options.label);
  let arrived = 0;
  let lastArrivalMs = performance.now();
  const watch = setInterval(() => {
    const bytes = largestFileBytes(options.folder);
    if (bytes > arrived) lastArrivalMs = performance.now();
    arrived = Math.max(arrived, bytes);
    if (arrived > 0) progress(Math.min(arrived / options.totalBytes, 0.99));
    if (performance.now() - lastArrivalMs > options.stallMs) {
      errors = `nothing arrived for ${options.stallMs / 1000} s\n${errors}`;
      child.kill('SIGKILL');
    }
  }, 250);
  const code = await exitOf(child);
  clearInterval(watch);
  if (code === 0) progress(1);
  return { ok: code === 0, errors: errors.trim() };
}
