/** The one window: opens where it was, shows the desk's page, remembers where it is closed. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { appOrigin, appPartition } from './app-protocol.ts';
import { safeWebPreferences } from './security.ts';
import type { SettingsStore } from './settings.ts';
import { placeWindow, smallestWindow } from './window-place.ts';

/** Opens the window at once; its page follows. */
export function openWindow(options: { preload: string; settings: SettingsStore }): BrowserWindow {
  const remembered = options.settings.current.window;
  const window = new BrowserWindow({
    ...placeWindow(remembered, displaysMainFirst()),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Ticket Desk',
    // Bootstrap's page colours, so that nothing flashes before the page is there.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#212529' : '#ffffff',
    webPreferences: { ...safeWebPreferences, preload: options.preload, partition: appPartition },
  });
  if (remembered?.maximized) window.maximize();
  window.on('close', () => rememberPlace(window, options.settings));
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** What a second start does instead of opening. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function rememberPlace(window: BrowserWindow, settings: SettingsStore): void {
  const place = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  // A place that could not be written is forgotten: no reason to hold up the closing.
  settings.update({ window: place }).catch(() => undefined);
}

function displaysMainFirst(): Electron.Rectangle[] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  return [main, ...others].map((display) => display.workArea);
}
