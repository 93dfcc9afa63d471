/** Where the desk's page comes from, and what it may ask of main. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type App,
  type BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  nativeTheme,
  type Session,
  session,
} from 'electron';
import type { Logger } from '../backend/logger.ts';
import { appPartition, appProtocol, appScheme, passingPartition } from './app-protocol.ts';
import type { Configuration } from './configuration.ts';
import { appHandlers } from './ipc/app-handlers.ts';
import { backupHandlers } from './ipc/backup-handlers.ts';
import { dockerHandlers } from './ipc/docker-handlers.ts';
import { habitHandlers } from './ipc/habit-handlers.ts';
import { setupIpc } from './ipc/handle.ts';
import { moveHandlers } from './ipc/move-handlers.ts';
import { settingsHandlers } from './ipc/settings-handlers.ts';
import { updateHandlers } from './ipc/update-handlers.ts';
import { type LoginItem, loginItem } from './login-item.ts';
import type { Parts } from './parts.ts';
import { isOwnAddress, loadOwnFilesOnly } from './security.ts';
import { ownAppImage } from './updates/appimage.ts';

export interface PageOptions {
  app: App;
  configuration: Configuration;
  parts: Parts;
  /** Where the bundles are. */
  outDir: string;
  /** The one whose page may ask. */
  window(): BrowserWindow | undefined;
  showsTrays(): Promise<boolean>;
  /** The settings of the tray have changed. */
  onHabitsSaved(): void;
  logger: Logger;
}

/** Serves the page in a session of its own, and answers it. */
export function servePage(options: PageOptions): Session {
  const { configuration, parts, outDir } = options;
  const token = randomBytes(32).toString('base64url');
  const ownSession = session.fromPartition(configuration.isReadOnly ? passingPartition : appPartition);
  ownSession.protocol.handle(
    appScheme,
    appProtocol({
      rendererDir: join(outDir, 'renderer'),
      licencesFile: join(process.resourcesPath, 'licences.html'),
      token,
      backend: parts.backend,
      lastList: parts.lastList,
    }),
  );
  loadOwnFilesOnly(ownSession);
  answerPage(options, token);
  return ownSession;
}

function answerPage(options: PageOptions, graphqlToken: string): void {
  const { app, configuration, parts, window, logger } = options;
  const { rules: config, settings, environment, notices } = configuration;
  const { backend, chooser, tokens, agent, stack, updates, lastList } = parts;
  const appVersion = app.getVersion();
  const login = ownLoginItem(app, environment);
  login.follow().catch((err) => logger.warn({ err }, 'the start at login could not be kept'));
  const { current, ...ofSettings } = settingsHandlers({
    appVersion,
    config,
    settings,
    tokens,
    agent,
    chooser,
    backend,
  });
  setupIpc({
    ipcMain,
    logger,
    isOwnFrame: (event) => isFrameOf(window(), event),
    handlers: {
      ...appHandlers({
        graphqlToken,
        appVersion,
        locale: () => app.getSystemLocale(),
        currentSettings: current,
        backend,
        notices,
        window,
        lastList,
        updatesHost: updates.host,
      }),
      ...ofSettings,
      ...habitHandlers({
        settings,
        login,
        showsTrays: options.showsTrays,
        onSaved: options.onHabitsSaved,
        setTheme(theme) {
          nativeTheme.themeSource = theme;
        },
        retryNow: backend.retryNow,
      }),
      ...backupHandlers({ backend, window }),
      ...moveHandlers({ backend }),
      ...updateHandlers({ updates, settings, config }),
      ...dockerHandlers({ stack, onStarted: () => current().profile === 'docker' && void backend.reopen() }),
    },
  });
}

function ownLoginItem(app: App, { APPIMAGE, APPDIR }: Readonly<Record<string, string>>): LoginItem {
  const execPath = app.getPath('exe');
  const program = ownAppImage({ execPath, appImage: APPIMAGE, appDir: APPDIR }) ?? execPath;
  return loginItem({
    app,
    platform: process.platform,
    configFolder: app.getPath('appData'),
    command: { program, given: app.isPackaged ? [] : [app.getAppPath()] },
  });
}

function isFrameOf(window: BrowserWindow | undefined, { senderFrame }: IpcMainInvokeEvent): boolean {
  return (
    senderFrame !== null && senderFrame === window?.webContents.mainFrame && isOwnAddress(senderFrame.url)
  );
}
