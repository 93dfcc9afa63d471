/** Everything that the window needs before it can open: the same for `npm start` and `npm run dev`. */
import { bundle, root } from './bundle.ts';
import { startVirtualDisplay } from './display.ts';
import { ensureElectron } from './electron-runtime.ts';
import { checkSandbox, ensureSystem, hasDisplay, isRoot } from './system.ts';
import { say } from './terminal.ts';

export interface DeskWindow {
  /** Starts the app, with arguments that the person gave. */
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Ends the virtual display, if there is one. */
  close(): Promise<void>;
}

/** Switches of other programs on Node and Electron, with some of which the app would not start; and what npm sets. */
const foreignSwitches = /^(NODE_(?!EXTRA_CA_CERTS$)|ELECTRON_(?!OZONE_PLATFORM_HINT$)|npm_)/i;

/** The session's environment, which a desktop program needs as it is, without those. */
function forElectron(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreignSwitches.test(name)));
}

/** Builds the app and brings whatever is missing. @throws Problem that says what to do. */
export async function prepareWindow(): Promise<DeskWindow> {
  await bundle();
  const { executable } = await ensureElectron();
  await ensureSystem({ electronExecutable: executable, virtualDisplay: !hasDisplay() });
  checkSandbox(executable);
  if (isRoot) {
    say(
      'Running as root: Chromium’s sandbox does not work there and is off. Use an ordinary user for daily work.',
    );
  }
  const display = hasDisplay() ? null : await startVirtualDisplay();
  if (display) {
    say(
      `There is no display: the window opens on a virtual one (Xvfb ${display.env.DISPLAY}), where nobody sees it.`,
    );
    say('To use the desk in a browser instead: npm run serve, then open http://127.0.0.1:4000');
  }
  return {
    command: executable,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      // Chromium's own errors, such as a desktop bus that is not there, tell the person nothing; the desk has its log.
      '--log-level=3',
      ...process.argv.slice(2),
      root,
    ],
    env: { ...forElectron(process.env), ...display?.env },
    close: async () => display?.stop(),
  };
}
