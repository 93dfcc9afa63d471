/** A display for machines that have none: Xvfb, on a number that is free, open to this user alone. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

/**
 * Chromium ends without a word where nothing answers at the displays that the session names, as when a remote session
 * that left DISPLAY behind is over.
 * @throws Problem
 */
export async function refuseSilentDisplay(environment: NodeJS.ProcessEnv): Promise<void> {
  const displays = [...xSockets(environment.DISPLAY), ...waylandSockets(environment)];
  if (displays.length === 0) return;
  const answers = await Promise.all(displays.map(answersAt));
  if (answers.includes(true)) return;
  const named = ['DISPLAY', 'WAYLAND_DISPLAY'].filter((name) => environment[name]);
  throw new Problem(
    `Nothing answers at the display that the environment names (${named.map((name) => `${name}=${environment[name]}`).join(', ')}). Set it to one that does; or, to use the desk in a browser: npm run serve`,
  );
}

/** `:0` and `:0.0` are this computer's, `host:10` is another's or a tunnel. Not known: nothing to ask. */
function xSockets(display = ''): NetConnectOpts[] {
  const [, host = '', number = ''] = /^(.*):(\d+)(?:\.\d+)?$/.exec(display) ?? [];
  if (number === '' || host.includes('/')) return [];
  const port = 6000 + Number(number);
  if (host !== '' && host !== 'unix') return port < 65_536 ? [{ host, port }] : [];
  const file = `/tmp/.X11-unix/X${number}`;
  return [{ path: file }, { path: `\0${file}` }];
}

function waylandSockets({ WAYLAND_DISPLAY, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): NetConnectOpts[] {
  if (!WAYLAND_DISPLAY) return [];
  return [{ path: resolve(XDG_RUNTIME_DIR ?? '/', WAYLAND_DISPLAY) }];
}

/** Longer than any network that one would draw a window over takes. */
const answerMs = 5_000;

function answersAt(address: NetConnectOpts): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ ...address, timeout: answerMs });
    for (const event of ['connect', 'timeout', 'error']) {
      socket.once(event, () => {
        socket.destroy();
        done(event === 'connect');
      });
    }
  });
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
