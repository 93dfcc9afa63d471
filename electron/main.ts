/** The desktop app: an ordered list of setups. Bundled to out/main.cjs, which start.cjs runs, beside all that it loads. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog, Menu, protocol } from 'electron';
import { createLogger, logWarnings } from '../backend/logger.ts';
import { appSchemePrivileges } from './app-protocol.ts';
import { readConfiguration } from './configuration.ts';
import { setupContextMenu } from './context-menu.ts';
import { type Links, setupLinks } from './deep-links.ts';
import { sendWhenLoaded, setupDesktop, startsHidden } from './desktop.ts';
import { commandChannel } from './ipc/channels.ts';
import { showLicences } from './licences-window.ts';
import { setupLiveReload } from './live-reload.ts';
import { appId } from './login-item.ts';
import { menuTemplate } from './menu.ts';
import { notifyOfUnsentAtQuit } from './notify-of-unsent.ts';
import { borrowFolder, lockProblem, ownFolderProblem } from './own-folder.ts';
import { servePage } from './page.ts';
import { openParts, type Parts } from './parts.ts';
import { type Quitting, setupQuit } from './quit.ts';
import { sandboxProblem, setupSecurity } from './security.ts';
import { showsTrays as desktopShowsTrays } from './tray/tray-host.ts';
import { mayInstall } from './updates/policy.ts';
import { ifOpen, openWindow } from './window.ts';

const outDir = __dirname;
const logger = createLogger({ name: 'desk', level: 'info' });
logWarnings(logger);
let window: BrowserWindow | undefined;

// Before anything that Windows keeps under this name: the start at login, and the notification at quitting.
if (process.platform === 'win32') app.setAppUserModelId(appId);
// Must come before the app is ready, and in the same turn as this file is loaded.
protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
const refusal = sandboxProblem(app) ?? ownFolderProblem(app);
if (refusal !== null) {
  refuse(refusal);
} else if (app.requestSingleInstanceLock()) {
  setupSecurity(app, logger);
  setupContextMenu(app, (template) => Menu.buildFromTemplate(template).popup());
  const links = setupLinks(app, { given: process.argv, platform: process.platform });
  void app.whenReady().then(() => start(links));
} else {
  leaveToTheFirst();
}

function leaveToTheFirst(): void {
  const problem = lockProblem(app);
  if (problem !== null) {
    refuse(problem);
    return;
  }
  console.log('Ticket Desk is open already: its window comes to the front.');
  app.exit(0);
}

/** In a dialog, too: who starts it from a menu sees no terminal. */
function refuse(words: string): void {
  console.error(words);
  if (!borrowFolder(app)) {
    app.exit(1);
    return;
  }
  void app.whenReady().then(async () => {
    await dialog.showMessageBox({ type: 'error', title: 'Ticket Desk', message: words });
    app.exit(1);
  });
}

/** The window opens first, and the backend beside its page. */
async function start(links: Links): Promise<void> {
  const configuration = await readConfiguration(app, logger);
  const { settings, environment } = configuration;
  const { isDevelopment } = configuration.rules;
  const parts = await openParts({ app, configuration, outDir, tell, logger });
  const { backend, updates } = parts;
  notifyOfUnsentAtQuit(app, backend.unsent);
  const quitting = quitInOrder(parts);
  const showsTrays = () => desktopShowsTrays(process.platform, environment);
  const session = servePage({
    app,
    configuration,
    parts,
    outDir,
    window: () => ifOpen(window),
    showsTrays,
    onHabitsSaved: () => desktop.refresh(),
    logger,
  });
  setMenu(isDevelopment);
  const isHidden = await startsHidden({ app, settings, showsTrays, given: process.argv });
  window = openWindow({ preload: join(outDir, 'preload.cjs'), session, settings, isHidden });
  const desktop = setupDesktop({
    app,
    window,
    links,
    backend,
    settings,
    showsTrays,
    ...quitting,
    iconFolder: join(outDir, 'icons'),
  });
  updates.followSchedule();
  if (isDevelopment) app.once('will-quit', setupLiveReload(window, outDir));
}

function tell(channel: string, value: unknown): void {
  ifOpen(window)?.webContents.send(channel, value);
}

function quitInOrder({ updates, stop }: Parts): Quitting {
  return setupQuit({
    app,
    logger,
    stop,
    leave(how) {
      const openWindows = BrowserWindow.getAllWindows().length;
      if (mayInstall({ ...how, openWindows, isReady: updates.isReady(), isStopped: true })) updates.install();
    },
    destroyWindows() {
      for (const open of BrowserWindow.getAllWindows()) open.destroy();
    },
  });
}

function setMenu(isDevelopment: boolean): void {
  const template = menuTemplate({
    platform: process.platform,
    isDevelopment,
    onCommand: (commandId) => sendWhenLoaded(ifOpen(window), commandChannel, commandId),
    onLicences: app.isPackaged ? () => window && showLicences(window) : undefined,
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
