/** npm itself, for what it knows of the packages. */
import { spawn } from 'node:child_process';

export interface NpmAnswer {
  exitCode: number | null;
  output: string;
  /** What it wrote to stderr. */
  complaint: string;
}

/** Runs npm in a folder, without a second try where the network is gone. */
export function runNpm(folder: string, ...args: string[]): Promise<NpmAnswer> {
  return new Promise((resolve, reject) => {
    // Where npm runs this command, the same npm; it is a script there.
    const own = process.env.npm_execpath;
    const [command, ...before] = own ? [process.execPath, own] : ['npm'];
    const child = spawn(command as string, [...before, ...args, '--fetch-retries=0'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !own && process.platform === 'win32',
    });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output, complaint }));
  });
}
