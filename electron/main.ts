/** The desktop app: an ordered list of setups. Bundled to out/main.cjs, beside all that it loads. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  protocol,
  safeStorage,
  session,
} from 'electron';
import { composeDesk, isNewerDataFolder } from '../backend/compose.ts';
import { type DesktopConfig, inheritedEnvironment, readDesktopConfig } from '../backend/config.ts';
import { createLogger } from '../backend/logger.ts';
import { appId } from './app-id.ts';
import { ownAppImage } from './app-image.ts';
import {
  appPartition,
  appProtocol,
  appScheme,
  appSchemePrivileges,
  passingPartition,
} from './app-protocol.ts';
import { openDesk } from './desk.ts';
import { dockerAt, findDocker } from './docker/docker.ts';
import { dockerStack } from './docker/stack.ts';
import { setupGoodbye } from './goodbye.ts';
import { commandChannel, dockerStatusChannel, updateStatusChannel } from './ipc/channels.ts';
import { deskHandlers } from './ipc/desk-handlers.ts';
import { dockerHandlers } from './ipc/docker-handlers.ts';
import { habitHandlers } from './ipc/habit-handlers.ts';
import { setupIpc } from './ipc/handle.ts';
import { settingsHandlers } from './ipc/settings-handlers.ts';
import { updateHandlers } from './ipc/update-handlers.ts';
import { showLicences } from './licences.ts';
import { type Links, setupLinks } from './links.ts';
import { setupLiveReload } from './live-reload.ts';
import { loginItem } from './login-item.ts';
import { managedFilePath } from './managed/managed-file.ts';
import { openManaged } from './managed/open-managed.ts';
import { menuTemplate } from './menu.ts';
import { setupPresence, startsHidden } from './presence.ts';
import { setupQuit } from './quit.ts';
import { isOwnAddress, loadOwnFilesOnly, sandboxProblem, setupSecurity } from './security.ts';
import { type ServiceChooser, serviceChooser } from './service-choice.ts';
import { openSettings } from './settings.ts';
import { ticketServiceSpawner } from './ticket-service-process.ts';
import { tokenStore } from './token-store.ts';
import { showsTrays as desktopShowsTrays } from './tray/host.ts';
import { mayInstall } from './updates/policy.ts';
import { setupUpdates } from './updates/setup.ts';
import { openWindow } from './window.ts';

const outDir = __dirname;
const rendererDir = join(outDir, 'renderer');
const licencesFile = join(process.resourcesPath, 'licences.html');
const logger = createLogger({ name: 'desk', level: 'info' });
let window: BrowserWindow | undefined;

// Before anything that Windows keeps under this name: the start at login, and the goodbye's notification.
if (process.platform === 'win32') app.setAppUserModelId(appId);
// Must come before the app is ready, and in the same turn as this file is loaded.
protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
const refusal = sandboxProblem(app);
if (refusal !== null) {
  void app.whenReady().then(() => refuse(refusal));
} else if (app.requestSingleInstanceLock()) {
  setupSecurity(app, logger);
  const links = setupLinks(app, { given: process.argv, platform: process.platform });
  void app.whenReady().then(() => start(links));
} else {
  console.log('Ticket Desk is open already: its window comes to the front.');
  app.exit(0);
}

/** In a dialog, too: who starts it from a menu sees no terminal. */
async function refuse(words: string): Promise<void> {
  console.error(words);
  await dialog.showMessageBox({ type: 'error', title: 'Ticket Desk', message: words });
  app.exit(1);
}

/** The window and the backend start side by side; the page's first requests wait for the backend. */
async function start(links: Links): Promise<void> {
  const given = readConfig();
  // Without a right environment the desk stays closed, and says why.
  const fromEnvironment = given instanceof Error ? readDesktopConfig({}) : given;
  const environment = inheritedEnvironment();
  const managed = await openManagedInstallation(fromEnvironment, environment.PROGRAMDATA);
  const config = { ...fromEnvironment, managed };
  const isReadOnly = await isNewerDataFolder(dataDirOf(config));
  const settings = await openSettings(join(app.getPath('userData'), 'settings.json'), { isReadOnly });
  const tokens = tokenStore({ safeStorage, settings, logger });
  const stack = dockerStack({
    docker: dockerAt({
      file: config.dockerPath ?? findDocker(process.platform, environment.PATH ?? ''),
      environment,
    }),
    // Docker can't read in Electron's archive: a package has it beside that.
    composeFile: join(app.isPackaged ? process.resourcesPath : outDir, 'docker', 'docker-compose.yml'),
    platform: process.platform,
    logger,
    onStatus: (status) => window?.webContents.send(dockerStatusChannel, status),
  });
  const chooser = serviceChooser({
    config,
    settings,
    tokens,
    stack,
    spawn: ticketServiceSpawner(join(outDir, 'ticket-service.cjs'), environment),
    onStackFound: () => void desk.reopen(),
  });
  const updates = await setupUpdates({
    app,
    config,
    settings,
    environment,
    logger,
    onStatus: (status) => window?.webContents.send(updateStatusChannel, status),
  });
  const desk = openDesk(() => compose(given, chooser), logger);
  setupGoodbye(app, desk.unsent);
  const { isQuitting, quitForSystem } = setupQuit({
    app,
    logger,
    async stop() {
      chooser.close();
      updates.close();
      await Promise.all([desk.stop(), stack.close(), settings.settled()]);
    },
    leave(how) {
      const openWindows = BrowserWindow.getAllWindows().length;
      if (mayInstall({ ...how, openWindows, isReady: updates.isReady(), isStopped: true })) updates.install();
    },
    destroyWindows() {
      for (const open of BrowserWindow.getAllWindows()) open.destroy();
    },
  });

  const graphqlToken = randomBytes(32).toString('base64url');
  const ownSession = session.fromPartition(isReadOnly ? passingPartition : appPartition);
  ownSession.protocol.handle(
    appScheme,
    appProtocol({ rendererDir, licencesFile, token: graphqlToken, desk }),
  );
  loadOwnFilesOnly(ownSession);
  const appVersion = app.getVersion();
  const { current, ...ofSettings } = settingsHandlers({
    appVersion,
    config,
    settings,
    tokens,
    chooser,
    desk,
  });
  const showsTrays = () => desktopShowsTrays(process.platform, environment);
  const login = loginItem({
    app,
    platform: process.platform,
    configFolder: app.getPath('appData'),
    command: startCommand(environment),
  });
  login.follow().catch((err) => logger.warn({ err }, 'the start at login could not be kept'));
  setupIpc({
    ipcMain,
    logger,
    isOwnFrame,
    handlers: {
      ...deskHandlers({
        graphqlToken,
        appVersion,
        locale: () => app.getSystemLocale(),
        currentSettings: current,
        desk,
        notices: [settings.notice, addressNotice(config), ...(managed?.notices ?? [])].filter(
          (notice) => notice !== null,
        ),
        window: () => window,
        updatesHost: updates.host,
      }),
      ...ofSettings,
      ...habitHandlers({
        settings,
        login,
        showsTrays,
        onSaved: () => presence.refresh(),
        retryNow: desk.retryNow,
      }),
      ...updateHandlers({ updates, settings, config }),
      ...dockerHandlers({ stack, onStarted: () => current().profile === 'docker' && void desk.reopen() }),
    },
  });

  const onCommand = (commandId: string) => window?.webContents.send(commandChannel, commandId);
  const { isDevelopment } = config;
  const onLicences = app.isPackaged ? () => window && showLicences(window) : undefined;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ platform: process.platform, isDevelopment, onCommand, onLicences }),
    ),
  );
  const isHidden = await startsHidden({ app, settings, showsTrays, given: process.argv });
  window = openWindow({
    preload: join(outDir, 'preload.cjs'),
    session: ownSession,
    settings,
    isHidden,
  });
  const iconFolder = join(outDir, 'icons');
  const presence = setupPresence({
    app,
    window,
    links,
    desk,
    settings,
    showsTrays,
    isQuitting,
    quitForSystem,
    iconFolder,
  });
  updates.followSchedule();
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

/** In a package the file's place is the system's alone: nobody's environment moves it. */
async function openManagedInstallation({ managedConfigPath }: DesktopConfig, programData?: string) {
  const testFile = app.isPackaged ? undefined : managedConfigPath;
  return openManaged({
    file: testFile ?? managedFilePath(process.platform, programData),
    mustBeRoots: testFile === undefined && process.platform !== 'win32',
  });
}

/** How this desk is started again. */
function startCommand({ APPIMAGE: appImage, APPDIR: appDir }: Readonly<Record<string, string>>) {
  const given = app.isPackaged ? [] : [app.getAppPath()];
  const execPath = app.getPath('exe');
  return { program: ownAppImage({ execPath, appImage, appDir }) ?? execPath, given };
}

function dataDirOf({ dataDir }: DesktopConfig): string {
  return dataDir ?? join(app.getPath('userData'), 'desk');
}

async function compose(config: DesktopConfig | Error, chooser: ServiceChooser) {
  if (config instanceof Error) throw config;
  return composeDesk({
    dataDir: dataDirOf(config),
    service: await chooser.choose(),
    logger,
    appVersion: app.getVersion(),
  });
}

function addressNotice({ grpcAddress, profile }: DesktopConfig): string | null {
  if (grpcAddress === undefined || (profile !== undefined && profile !== 'team')) return null;
  return `GRPC_ADDRESS is set: the desk uses the ticket service at ${grpcAddress}, whatever the settings say.`;
}

function isOwnFrame(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === window?.webContents.mainFrame && isOwnAddress(frame.url);
}
