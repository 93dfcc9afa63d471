/** Leaving: whatever asks for it, the backend is stopped first and nothing is left behind. */
import type { App } from 'electron';
import type { Logger } from '../backend/logger.ts';

/** Longer than windows and backend may take together, each part until it is killed: quit.test.ts adds them up. */
export const watchdogMs = 25_000;
/** How long a window may take to close; its last keystrokes are on disk long before. */
export const windowsMs = 2_000;

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface Quitting {
  isQuitting(): boolean;
  /** For a system that shuts down. */
  quitForSystem(): void;
}

/**
 * Quits on the last window's close, on Ctrl+C and when the system asks.
 * @param options.stop drains and stops everything; never rejects.
 * @param options.leave the last thing done, when all has stopped: an update may be put in place.
 * @param options.destroyWindows for windows that do not close, such as one whose page Ctrl+C has killed while it was asked.
 */
export function setupQuit(options: {
  app: App;
  stop(): Promise<void>;
  leave(how: { isBySystem: boolean; exitCode: number }): void;
  destroyWindows(): void;
  logger: Logger;
}): Quitting {
  const { app, logger } = options;
  let exitCode = 0;
  let isBySystem = false;
  let isQuitting = false;
  let isStopping = false;

  function quitForSystem(): void {
    isBySystem = true;
    app.quit();
  }

  app.on('window-all-closed', () => app.quit());
  for (const signal of signals) process.on(signal, quitForSystem);
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'an error nobody caught; the desk stops');
    exitCode = 1;
    app.quit();
  });

  // From here on a window that hangs counts as well.
  app.once('before-quit', () => {
    isQuitting = true;
    setTimeout(options.destroyWindows, windowsMs).unref();
    setTimeout(() => {
      logger.fatal('the desk did not stop in time');
      app.exit(1);
    }, watchdogMs).unref();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    void options.stop().then(() => {
      options.leave({ isBySystem, exitCode });
      app.exit(exitCode);
    });
  });
  return { isQuitting: () => isQuitting, quitForSystem };
}
