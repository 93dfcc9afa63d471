/** npm itself, for what it knows of the packages. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface NpmAnswer {
  ok: boolean;
  output: string;
  /** What it wrote to stderr. */
  complaint: string;
}

/** Runs npm in a folder, without a second try where the network is gone. */
export async function runNpm(folder: string, ...args: string[]): Promise<NpmAnswer> {
  // Where npm runs this command, the same npm; it is a script there.
  const own = process.env.npm_execpath;
  const [command, ...before] = own ? [process.execPath, own] : ['npm'];
  const shell = !own && process.platform === 'win32';
  const running = promisify(execFile)(command as string, [...before, ...args, '--fetch-retries=0'], {
    cwd: folder,
    maxBuffer: 2 ** 26,
    shell,
  });
  return running.then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout, complaint: stderr }),
    ({ stdout, stderr }) => ({ ok: false, output: stdout, complaint: stderr }),
  );
}
