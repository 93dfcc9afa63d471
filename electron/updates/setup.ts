/** Updates as this installation has them: its feed, its kind of package, its rules. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { Logger } from '../../backend/logger.ts';
import type { UpdateStatus } from '../../proto/desktop-bridge.ts';
import { type Rules, updatesInForce } from '../effective-settings.ts';
import type { SettingsStore } from '../settings.ts';
import { removePartial } from './appimage.ts';
import { readFeed } from './feed.ts';
import { installationOf } from './policy.ts';
import { Updates } from './updates.ts';

export interface SetupOptions {
  app: Pick<App, 'isPackaged' | 'getVersion' | 'getPath'>;
  config: Rules;
  settings: SettingsStore;
  environment: Readonly<Record<string, string>>;
  logger: Logger;
  onStatus(status: UpdateStatus): void;
}

/** In a package the build alone names the feed; a variable does so for an app that is not packed, in its tests. */
export async function setupUpdates(options: SetupOptions): Promise<Updates> {
  const { app, config, settings, environment, logger } = options;
  const resources = process.resourcesPath;
  const feed = await readFeed(app.isPackaged ? join(resources, 'app-update.yml') : config.updateConfigPath);
  const installation = installationOf({
    platform: process.platform,
    execPath: app.getPath('exe'),
    appImage: environment.APPIMAGE,
    appDir: environment.APPDIR,
    packageType: readPackageType(resources),
    isWritable,
  });
  const appImage = installation.kind === 'itself' ? environment.APPIMAGE : undefined;
  if (appImage) removePartial(appImage);
  return new Updates({
    appVersion: app.getVersion(),
    feed,
    installation,
    policy: () => updatesInForce(settings.current, config),
    lastLook: () => settings.current.updatesLookedAt,
    keepLook: (updatesLookedAt) => settings.update({ updatesLookedAt }),
    async loadEngine() {
      if ('problem' in feed) throw new Error(feed.problem);
      const { createEngine } = await import('./engine.ts');
      return createEngine({ feed: feed.feed, appImage, environment, logger });
    },
    onStatus: options.onStatus,
    logger,
  });
}

function readPackageType(resources: string): string | undefined {
  try {
    return readFileSync(join(resources, 'package-type'), 'utf8').trim();
  } catch {
    // No package wrote one: an archive that was unpacked by hand.
    return undefined;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
