/** What the system does while the desk runs: sleeps and wakes, shuts down, changes its colours and its language. */
import type { App, BrowserWindow, NativeTheme, PowerMonitor } from 'electron';
import { ifOpen, pageColour } from './window.ts';

export interface SystemOptions {
  app: Pick<App, 'getSystemLocale'>;
  window: BrowserWindow;
  powerMonitor: PowerMonitor;
  nativeTheme: NativeTheme;
  /** Ends the desk, as the system shuts down. */
  quit(): void;
  /** Something may be better than it was. */
  retryNow(): void;
  /** Told when the system's language is another than before. */
  onLocale(locale: string): void;
}

export function followSystem(options: SystemOptions): void {
  const { app, window, powerMonitor, nativeTheme } = options;
  powerMonitor.on('resume', options.retryNow);
  powerMonitor.on('unlock-screen', options.retryNow);
  // Told of a shutdown the desk quits as fast as it can, and asks for no delay: what was filed is on the disk.
  powerMonitor.on('shutdown', options.quit);
  window.on('session-end', options.quit);

  nativeTheme.on('updated', () => ifOpen(window)?.setBackgroundColor(pageColour(nativeTheme)));

  // No system tells of it; who changes it comes back from its settings.
  let locale = app.getSystemLocale();
  window.on('focus', () => {
    const now = app.getSystemLocale();
    if (now === locale) return;
    locale = now;
    options.onLocale(now);
  });
}
