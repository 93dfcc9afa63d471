/** What goes before the window: the environment, the organisation's file, the data folder, and the settings. */
import { join } from 'node:path';
import type { App } from 'electron';
import { type DesktopConfig, readDesktopConfig, sessionEnvironment } from '../backend/config.ts';
import { isNewerDataFolder } from '../backend/data-folder.ts';
import type { Logger } from '../backend/logger.ts';
import type { Rules } from './effective-settings.ts';
import { managedFilePath } from './managed/managed-file.ts';
import { openManaged } from './managed/open-managed.ts';
import { openSettings, type SettingsStore } from './settings.ts';

export interface Configuration {
  /** All that goes before the settings. */
  rules: Rules;
  /** Why the environment can't be taken: the desk stays closed, and says so. */
  problem: Error | null;
  /** What the session says to every program: where its bus is, which AppImage this runs from. */
  environment: Readonly<Record<string, string>>;
  dataDir: string;
  /** A newer desk wrote the data folder: nothing that it wrote is touched. */
  isReadOnly: boolean;
  settings: SettingsStore;
  /** What the person should know since the start. */
  notices: string[];
}

/** Never rejects for what a person or an organisation wrote. Sets the logger's level. */
export async function readConfiguration(
  app: Pick<App, 'isPackaged' | 'getPath'>,
  logger: Logger,
): Promise<Configuration> {
  const { config, problem } = readEnvironment();
  logger.level = config.logLevel;
  const environment = sessionEnvironment();
  const managed = await openManagedInstallation(app, config, environment.PROGRAMDATA);
  const userData = app.getPath('userData');
  const dataDir = config.dataDir ?? join(userData, 'desk');
  const isReadOnly = await isNewerDataFolder(dataDir);
  const settings = await openSettings(join(userData, 'settings.json'), { isReadOnly });
  const notices = [settings.notice, addressNotice(config), ...(managed?.notices ?? [])];
  return {
    rules: { ...config, managed },
    problem,
    environment,
    dataDir,
    isReadOnly,
    settings,
    notices: notices.filter((notice) => notice !== null),
  };
}

/** A wrong environment is no reason to die without a word: the window shows what is wrong. */
function readEnvironment(): { config: DesktopConfig; problem: Error | null } {
  try {
    return { config: readDesktopConfig(), problem: null };
  } catch (thrown) {
    return { config: readDesktopConfig({}), problem: thrown as Error };
  }
}

/** In a package the file's place is the system's alone: nobody's environment moves it. */
async function openManagedInstallation(
  { isPackaged }: Pick<App, 'isPackaged'>,
  { managedConfigPath }: DesktopConfig,
  programData: string | undefined,
) {
  const testFile = isPackaged ? undefined : managedConfigPath;
  return openManaged({
    file: testFile ?? managedFilePath(process.platform, programData),
    mustBeRoots: testFile === undefined && process.platform !== 'win32',
  });
}

function addressNotice({ grpcAddress, profile }: DesktopConfig): string | null {
  if (grpcAddress === undefined || (profile !== undefined && profile !== 'team')) return null;
  return `GRPC_ADDRESS is set: the desk uses the ticket service at ${grpcAddress}, whatever the settings say.`;
}
