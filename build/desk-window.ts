/** What the window needs to open, beside the build: the same for `npm start` and `npm run dev`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseSilentDisplay, startVirtualDisplay } from './display.ts';
import { hasDisplay, isRoot } from './system.ts';
import { say } from './terminal.ts';

/** In out/: the Electron that build/prepare-window.ts has found. */
const preparedName = '.electron';

export function preparedElectronPath(outDir: string): string {
  return join(outDir, preparedName);
}

export function readPreparedElectron(outDir: string): string {
  return readFileSync(preparedElectronPath(outDir), 'utf8');
}

export interface DeskWindow {
  /** Starts the app. */
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Ends the virtual display, if there is one. */
  close(): Promise<void>;
}

/** Switches of other programs on Node and Electron, with some of which ours would not start; and what npm sets. */
const foreignSwitches = /^(NODE_(?!EXTRA_CA_CERTS$)|ELECTRON_(?!OZONE_PLATFORM_HINT$)|npm_)/i;

/** The session's environment, which a desktop program needs as it is, without those. */
export function withoutForeignSwitches(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreignSwitches.test(name)));
}

/** @param args what the person gave, and the app's folder @throws Problem: no display that answers */
export async function openWindow(executable: string, args: string[]): Promise<DeskWindow> {
  if (isRoot) {
    say(
      'Running as root: Chromium’s sandbox does not work there and is off. Use an ordinary user for daily work.',
    );
  }
  await refuseSilentDisplay(process.env);
  const display = hasDisplay() ? null : await startVirtualDisplay();
  if (display) {
    say(
      `There is no display: the window opens on a virtual one (Xvfb ${display.env.DISPLAY}), where nobody sees it.`,
    );
    say('To use the desk in a browser instead: npm run serve, then open the link that it prints');
  }
  // Chromium's own errors, such as a desktop bus that is not there, tell the person nothing; the desk has its log.
  const switches = [...(isRoot ? ['--no-sandbox'] : []), '--log-level=3'];
  return {
    command: executable,
    args: [...switches, ...args],
    env: { ...withoutForeignSwitches(process.env), ...display?.env },
    close: async () => display?.stop(),
  };
}
