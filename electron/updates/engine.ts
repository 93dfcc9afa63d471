/** electron-updater, behind what the desk needs of it. Loaded only when updates are first looked for. */
import { session } from 'electron';
import {
  AppImageUpdater,
  type AppUpdater,
  MacUpdater,
  NsisUpdater,
  type ProgressInfo,
} from 'electron-updater';
import type { Logger } from '../../backend/logger.ts';
import { replaceAppImage } from './appimage.ts';
import { type Feed, isOfFeed, type Offer, packageOf } from './feed.ts';

export interface UpdateEngine {
  /** Asks the feed. @throws Error with electron-updater's or Chromium's code */
  look(): Promise<Offer>;
  /** Fetches what look() found newer and of its own kind, as it would take another, and checks its sha512. @throws Error, after deleting what did not fit */
  fetch(onPercent: (percent: number) => void): Promise<void>;
  /** Puts what was fetched in the app's place; answers whether it is there. */
  install(): boolean;
}

/** The session that electron-updater makes its requests in (its electronHttpExecutor.ts). */
const updaterSession = 'electron-updater';

export interface EngineOptions {
  feed: Feed;
  /** The file that the app was started from, where it is an AppImage. */
  appImage: string | undefined;
  /** What a newer AppImage is tried out in. */
  environment: Readonly<Record<string, string>>;
  logger: Logger;
}

export function createEngine(options: EngineOptions): UpdateEngine {
  const { feed, logger } = options;
  const updater = newUpdater(options);
  updater.logger = {
    info: (message) => logger.debug(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.warn(message),
  };
  updater.updateConfigPath = feed.configFile;
  // Also where the app is not packed, as in its tests.
  updater.forceDevUpdateConfig = true;
  updater.autoDownload = false;
  updater.allowDowngrade = false;
  // Squirrel on macOS installs by itself once the app is gone; elsewhere the desk says when.
  updater.autoInstallOnAppQuit = process.platform === 'darwin';
  updater.disableWebInstaller = true;
  // Every installation is asked for at once, so none needs the number that electron-updater gives it.
  updater.isUserWithinRollout = () => true;
  // Its errors come by the promises; without a listener Node would take this one for uncaught.
  updater.on('error', () => undefined);
  keepToFeed(feed, logger);

  return {
    async look() {
      const result = await updater.checkForUpdates();
      if (!result) throw new Error('the updater is not active');
      const { version, files } = result.updateInfo;
      for (const { sha512 } of files) {
        if (!/^[\w+/]{86}==$/.test(sha512)) throw codedError('ERR_UPDATER_NO_CHECKSUM');
      }
      const addresses = files.map(({ url }) => new URL(url, feed.url).href);
      const isOfOwnKind = packageOf({ files: addresses }, ownKind()) !== undefined;
      return { version, isNewer: result.isUpdateAvailable, files: addresses, isOfOwnKind };
    },
    async fetch(onPercent) {
      const onProgress = ({ percent }: ProgressInfo) => onPercent(percent);
      updater.on('download-progress', onProgress);
      try {
        await updater.downloadUpdate();
      } finally {
        updater.off('download-progress', onProgress);
      }
    },
    install() {
      if ('install' in updater) return (updater as AppImageUpdater | NsisUpdater).install(true, false);
      return false;
    },
  };
}

/** electron-updater's own takes the old file away before it puts the new one there. */
class AppImageReplacer extends AppImageUpdater {
  readonly #replace: (fetched: string) => void;

  constructor(replace: (fetched: string) => void) {
    super();
    this.#replace = replace;
  }

  /** Called by install(), which has something to install, and logs what is thrown. */
  protected override doInstall(): boolean {
    this.#replace(this.installerPath ?? '');
    return true;
  }
}

function newUpdater({ appImage = '', environment }: EngineOptions): AppUpdater {
  if (process.platform === 'win32') return new NsisUpdater();
  if (process.platform === 'darwin') return new MacUpdater();
  return new AppImageReplacer((fetched) => replaceAppImage(fetched, appImage, environment));
}

/** The kind of package that replaces the app here. */
function ownKind(): string {
  if (process.platform === 'win32') return 'exe';
  return process.platform === 'darwin' ? 'zip' : 'AppImage';
}

/** Main asks the network for nothing but the feed, wherever a redirect or a file's address leads. */
function keepToFeed(feed: Feed, logger: Logger): void {
  const { webRequest } = session.fromPartition(updaterSession, { cache: false });
  webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOfFeed(url, feed);
    if (cancel)
      logger.warn({ origin: URL.canParse(url) ? new URL(url).origin : null }, 'not of the feed: not asked');
    answer({ cancel });
  });
  webRequest.onBeforeSendHeaders(({ requestHeaders }, answer) => {
    // Who asks is nobody's business.
    const { 'x-user-staging-id': _, ...rest } = requestHeaders;
    answer({ requestHeaders: rest });
  });
}

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
