/** The one window: opens where it was, shows the desk's page, remembers where it is closed. */
import { BrowserWindow, type NativeTheme, nativeTheme, type Session, screen } from 'electron';
import { appOrigin } from './app-protocol.ts';
import { safeWebPreferences } from './security.ts';
import type { SettingsStore } from './settings.ts';
import { placeWindow, smallestWindow } from './window-place.ts';

/** Opens the window at once, or keeps it for the tray; its page follows. */
export function openWindow(options: {
  preload: string;
  /** Where the desk's page is served. */
  session: Session;
  settings: SettingsStore;
  isHidden: boolean;
}): BrowserWindow {
  const { window: remembered, theme } = options.settings.current;
  nativeTheme.themeSource = theme;
  const window = new BrowserWindow({
    ...placeWindow(remembered, displaysMainFirst()),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Ticket Desk',
    show: !options.isHidden,
    backgroundColor: pageColour(nativeTheme),
    webPreferences: { ...safeWebPreferences, preload: options.preload, session: options.session },
  });
  // To maximize a window shows it.
  if (remembered?.maximized && options.isHidden) window.once('show', () => window.maximize());
  else if (remembered?.maximized) window.maximize();
  window.on('close', () => rememberPlace(window, options.settings));
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** Bootstrap's page colours, so that nothing flashes where the page is not drawn yet. */
export function pageColour({ shouldUseDarkColors }: Pick<NativeTheme, 'shouldUseDarkColors'>): string {
  return shouldUseDarkColors ? '#212529' : '#ffffff';
}

/** Undefined once it is closed: the desk goes on for a while, and what is asked of a closed window throws. */
export function ifOpen(window: BrowserWindow | undefined): BrowserWindow | undefined {
  return window?.isDestroyed() ? undefined : window;
}

/** Brings it back, from wherever it is. */
export function focusWindow(window: BrowserWindow | undefined): void {
  if (!window) return;
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
