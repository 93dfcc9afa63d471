/** How the desk is there on this desktop: window, tray, badge, what links and the system ask of it. */
import { type App, type BrowserWindow, nativeImage, nativeTheme, powerMonitor } from 'electron';
import type { Backend } from './backend.ts';
import type { Links } from './deep-links.ts';
import { followSystem } from './follow-system.ts';
import { commandChannel, localeChannel, openTicketChannel } from './ipc/channels.ts';
import { hiddenSwitch } from './login-item.ts';
import type { SettingsStore } from './settings.ts';
import { dotBitmap } from './tray/overlay.ts';
import { setupCloseToTray, setupTray } from './tray/tray.ts';
import { type Unsent, unsentWords } from './unsent-words.ts';
import { focusWindow, ifOpen } from './window.ts';

export interface DesktopOptions {
  app: App;
  window: BrowserWindow;
  links: Links;
  backend: Pick<Backend, 'unsent' | 'onUnsent' | 'retryNow'>;
  settings: Pick<SettingsStore, 'current'>;
  showsTrays(): Promise<boolean>;
  isQuitting(): boolean;
  quitForSystem(): void;
  iconFolder: string;
}

/** @returns `refresh`, to be called when the settings of the tray have changed. */
export function setupDesktop(options: DesktopOptions): { refresh(): void } {
  const { app, window, backend } = options;
  const isWanted = () => options.settings.current.closeToTray;
  const quit = () => app.quit();
  const open = () => focusWindow(ifOpen(window));
  const tell = (channel: string, message: unknown) => sendWhenLoaded(ifOpen(window), channel, message);

  options.links.follow((ticketId) => {
    open();
    if (ticketId !== null) tell(openTicketChannel, ticketId);
  });
  app.on('activate', open);

  const tray = setupTray({
    iconFolder: options.iconFolder,
    platform: process.platform,
    isWanted,
    unsent: backend.unsent,
    actions: {
      open,
      quit,
      run(commandId) {
        open();
        tell(commandChannel, commandId);
      },
    },
  });
  setupCloseToTray(window, {
    isWanted,
    quit,
    isQuitting: options.isQuitting,
    canBeShown: options.showsTrays,
  });
  const showUnsent = () => {
    showBadge(app, ifOpen(window), backend.unsent());
    tray.refresh();
  };
  backend.onUnsent(showUnsent);

  followSystem({
    app,
    window,
    quit: options.quitForSystem,
    powerMonitor,
    nativeTheme,
    retryNow: backend.retryNow,
    onLocale: (locale) => tell(localeChannel, locale),
  });
  return { refresh: tray.refresh };
}

/** The number on the app's icon, where the system has one; on Windows a dot, with the words for who can't see it. */
function showBadge(app: App, window: BrowserWindow | undefined, unsent: Unsent): void {
  app.setBadgeCount(unsent.waiting);
  if (process.platform !== 'win32' || !window) return;
  const size = 32;
  const dot = nativeImage.createFromBitmap(dotBitmap(size), { width: size, height: size, scaleFactor: 2 });
  window.setOverlayIcon(unsent.waiting > 0 ? dot : null, unsentWords(unsent) ?? '');
}

/** Whether this start stays out of sight: one at login, of a desk that may be in the tray, where there is one. */
export async function startsHidden(
  options: Pick<DesktopOptions, 'app' | 'settings' | 'showsTrays'> & { given: readonly string[] },
): Promise<boolean> {
  const isAtLogin =
    options.given.includes(hiddenSwitch) ||
    (process.platform === 'darwin' && options.app.getLoginItemSettings().wasOpenedAtLogin);
  return isAtLogin && options.settings.current.closeToTray && (await options.showsTrays());
}

/** The page may still be on its way; what its preload hears is kept for it. */
export function sendWhenLoaded(window: BrowserWindow | undefined, channel: string, message: unknown): void {
  if (!window) return;
  const { webContents } = window;
  const send = () => webContents.send(channel, message);
  if (webContents.getURL() === '' || webContents.isLoadingMainFrame())
    webContents.once('did-finish-load', send);
  else send();
}
