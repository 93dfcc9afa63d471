/** Runs the `docker` program: with a list of arguments, never through a shell. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface DockerRun {
  /** Null when it was ended by a signal. */
  code: number | null;
  stdout: string;
  /** Its last lines. */
  stderr: string;
}

export interface RunOptions {
  /** Ends the program. */
  signal?: AbortSignal;
  /** When it is ended as silent (ms); left out: it may take as long as it likes. */
  timeoutMs?: number;
  /** Told each line of both outputs as it comes. */
  onLine?: (line: string) => void;
}

/** @throws the error of spawn: ENOENT when there is no such program; TimeoutError when time was up. */
export type Docker = (args: readonly string[], options?: RunOptions) => Promise<DockerRun>;

const keptLines = 400;

/** @param options.environment what the program gets; `PATH` says where it is looked for when `file` is only a name. */
export function dockerAt(options: { file: string; environment: Record<string, string> }): Docker {
  return (args, { signal, timeoutMs, onLine } = {}) => {
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const ended = AbortSignal.any([signal, timeout].filter((one) => one !== undefined));
    return new Promise((resolve, reject) => {
      const child = spawn(options.file, args, {
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        signal: ended,
      });
      const stdout: string[] = [];
      const stderr: string[] = [];
      createInterface(child.stdout).on('line', (line) => {
        stdout.push(line);
        onLine?.(line);
      });
      createInterface(child.stderr).on('line', (line) => {
        if (stderr.push(line) > keptLines) stderr.shift();
        onLine?.(line);
      });
      child.once('error', (error) => reject(timeout?.aborted ? timeout.reason : error));
      child.once('close', (code) => resolve({ code, stdout: stdout.join('\n'), stderr: stderr.join('\n') }));
    });
  };
}

/** Programs started from a desktop often have a PATH without the folders where Docker's installers put it. */
export function findDocker(platform: NodeJS.Platform, pathVariable: string): string {
  const name = platform === 'win32' ? 'docker.exe' : 'docker';
  const usual = {
    darwin: ['/usr/local/bin', '/opt/homebrew/bin', path.join(homedir(), '.docker', 'bin')],
    win32: ['C:\\Program Files\\Docker\\Docker\\resources\\bin'],
  }[platform as string] ?? ['/usr/local/bin', '/usr/bin', '/snap/bin'];
  const separator = platform === 'win32' ? ';' : ':';
  const folders = [...pathVariable.split(separator).filter(Boolean), ...usual];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? name;
}
