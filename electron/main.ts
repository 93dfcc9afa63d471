/** The desktop app: an ordered list of setups. Bundled to out/main.cjs, beside all that it loads. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { app, BrowserWindow, type IpcMainInvokeEvent, ipcMain, Menu, protocol, session } from 'electron';
import { composeDesk } from '../backend/compose.ts';
import { type DesktopConfig, inheritedEnvironment, readDesktopConfig } from '../backend/config.ts';
import { createLogger } from '../backend/logger.ts';
import { appPartition, appProtocol, appScheme, appSchemePrivileges } from './app-protocol.ts';
import { openDesk } from './desk.ts';
import { commandChannel } from './ipc/channels.ts';
import { deskHandlers } from './ipc/desk-handlers.ts';
import { setupIpc } from './ipc/handle.ts';
import { setupLiveReload } from './live-reload.ts';
import { menuTemplate } from './menu.ts';
import { setupQuit } from './quit.ts';
import { isOwnAddress, loadOwnFilesOnly, setupSecurity } from './security.ts';
import { builtInService } from './service-address.ts';
import { openSettings, type SettingsStore } from './settings.ts';
import { ticketServiceSpawner } from './ticket-service-process.ts';
import { focusWindow, openWindow } from './window.ts';

const outDir = __dirname;
const rendererDir = join(outDir, 'renderer');
const logger = createLogger({ name: 'desk', level: 'info' });
let window: BrowserWindow | undefined;

// Must come before the app is ready, and in the same turn as this file is loaded.
protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
if (app.requestSingleInstanceLock()) {
  setupSecurity(app, logger);
  app.on('second-instance', () => window && focusWindow(window));
  void app.whenReady().then(start);
} else {
  console.log('Ticket Desk is open already: its window comes to the front.');
  app.exit(0);
}

/** The window and the backend start side by side; the page's first requests wait for the backend. */
async function start(): Promise<void> {
  const config = readConfig();
  const settings = await openSettings(join(app.getPath('userData'), 'settings.json'));
  const desk = openDesk(() => compose(config, settings), logger);
  setupQuit({
    app,
    logger,
    stop: () => Promise.all([desk.stop(), settings.settled()]).then(() => undefined),
    destroyWindows() {
      for (const open of BrowserWindow.getAllWindows()) open.destroy();
    },
  });

  const graphqlToken = randomBytes(32).toString('base64url');
  const ownSession = session.fromPartition(appPartition);
  ownSession.protocol.handle(appScheme, appProtocol({ rendererDir, token: graphqlToken, desk }));
  loadOwnFilesOnly(ownSession);
  setupIpc({
    ipcMain,
    logger,
    isOwnFrame,
    handlers: deskHandlers({
      graphqlToken,
      appVersion: app.getVersion(),
      settings,
      desk,
      notices: [settings.notice, addressNotice(config)].filter((notice) => notice !== null),
    }),
  });

  const isDevelopment = !(config instanceof Error) && config.isDevelopment;
  const onCommand = (commandId: string) => window?.webContents.send(commandChannel, commandId);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ platform: process.platform, isDevelopment, onCommand })),
  );
  window = openWindow({ preload: join(outDir, 'preload.cjs'), settings });
  if (isDevelopment) app.once('will-quit', setupLiveReload(window, outDir));
}

/** A wrong environment is no reason to die without a word: the window shows what is wrong. */
function readConfig(): DesktopConfig | Error {
  try {
    const config = readDesktopConfig();
    logger.level = config.logLevel;
    return config;
  } catch (thrown) {
    return thrown as Error;
  }
}

async function compose(config: DesktopConfig | Error, settings: SettingsStore) {
  if (config instanceof Error) throw config;
  const address = config.grpcAddress ?? settings.current.ticketServiceAddress;
  return composeDesk({
    dataDir: config.dataDir ?? join(app.getPath('userData'), 'desk'),
    service:
      address === builtInService
        ? {
            kind: 'built-in',
            spawn: ticketServiceSpawner(join(outDir, 'ticket-service.cjs'), inheritedEnvironment()),
          }
        : { kind: 'remote', ...config, grpcAddress: address },
    logger,
    appVersion: app.getVersion(),
  });
}

function addressNotice(config: DesktopConfig | Error): string | null {
  if (config instanceof Error || config.grpcAddress === undefined) return null;
  return `GRPC_ADDRESS is set: the desk uses the ticket service at ${config.grpcAddress}, whatever the settings say.`;
}

function isOwnFrame(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === window?.webContents.mainFrame && isOwnAddress(frame.url);
}
