/** A display for machines that have none: Xvfb, on a number that is free, open to this user alone. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tiedToParent } from './child.ts';
import { Problem } from './terminal.ts';

export interface VirtualDisplay {
  /** DISPLAY and XAUTHORITY for the programs that shall open windows on it. */
  env: { DISPLAY: string; XAUTHORITY: string };
  stop(): Promise<void>;
}

/**
 * The text of an Xauthority file with one cookie for any display. Without a cookie every user of the machine
 * could look at the screen.
 */
export function xauthority(cookie: Buffer): Buffer {
  const counted = (bytes: Buffer) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const anyFamily = Buffer.from([0xff, 0xff]);
  const none = Buffer.alloc(0);
  return Buffer.concat([
    anyFamily,
    counted(none),
    counted(none),
    counted(Buffer.from('MIT-MAGIC-COOKIE-1')),
    counted(cookie),
  ]);
}

/**
 * Starts Xvfb and waits until it takes connections.
 * @throws Problem when it does not start.
 */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-display-'));
  const authority = join(folder, 'xauthority');
  writeFileSync(authority, xauthority(randomBytes(16)), { mode: 0o600 });
  // It picks a free number by itself and writes it to file descriptor 3 once it is ready. Detached, so that
  // Ctrl+C in a terminal ends it last, after the windows on it.
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset'];
  const child = spawn(...tiedToParent('Xvfb', [...args, '-auth', authority]), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const number = await Promise.race([firstLine(child.stdio[3] as Readable), ended.then(() => null)]);
  if (number === null) {
    await stop();
    throw new Problem(`The virtual display (Xvfb) did not start: ${errors.trim()}`);
  }
  return { env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, stop };
}

/** So many files of end-to-end tests run at a time: they wait for processes, and for what is drawn. */
const testDisplays = 3;

/**
 * For end-to-end tests, several files at a time: electron/e2e/own-display.ts gives each worker one.
 * @throws Problem when one does not start.
 */
export async function startTestDisplays(): Promise<{ env: NodeJS.ProcessEnv; stop(): Promise<void> }> {
  const displays = await Promise.all(Array.from({ length: testDisplays }, startVirtualDisplay));
  const envs = displays.map(({ env }) => env);
  return {
    env: { ...envs[0], E2E_DISPLAYS: JSON.stringify(envs) },
    stop: async () => void (await Promise.all(displays.map(({ stop }) => stop()))),
  };
}

function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}
