/** What works behind the window: the desk on the ticket service of the profile, Docker's stack, tokens and updates. */
import { once } from 'node:events';
import { join } from 'node:path';
import { type App, type BrowserWindow, safeStorage } from 'electron';
import { inheritedEnvironment } from '../backend/config.ts';
import type { Logger } from '../backend/logger.ts';
import { type Backend, openBackend } from './backend.ts';
import { codeFolder } from './code-cache.ts';
import type { Configuration } from './configuration.ts';
import { dockerAt, findDocker } from './docker/docker.ts';
import { type DockerStack, dockerStack } from './docker/docker-stack.ts';
import { backupsChannel, dockerStatusChannel, moveChannel, updateStatusChannel } from './ipc/channels.ts';
import { keptKey } from './kept-key.ts';
import { type LastList, lastList } from './last-list.ts';
import { type OwnAgentStore, ownAgent } from './own-agent.ts';
import { type ServiceChooser, serviceChooser } from './service-choice.ts';
import { ticketServiceSpawner } from './ticket-service-process.ts';
import { type TokenStore, tokenStore } from './token-store.ts';
import { setupUpdates } from './updates/setup.ts';
import type { Updates } from './updates/updates.ts';

export interface PartsOptions {
  app: App;
  configuration: Configuration;
  /** Where the bundles are. */
  outDir: string;
  /** Sends to the page, once there is one. */
  tell(channel: string, value: unknown): void;
  logger: Logger;
}

export interface Parts {
  backend: Backend;
  chooser: ServiceChooser;
  tokens: TokenStore;
  agent: OwnAgentStore;
  stack: DockerStack;
  updates: Updates;
  lastList: LastList;
  /** Drains and stops all of it. Never rejects. */
  stop(): Promise<void>;
}

/** The desk opens behind the window: the page's first requests wait for it. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { app, configuration, outDir, tell, logger } = options;
  const { rules, problem, environment, dataDir, settings } = configuration;
  const tokens = tokenStore({ safeStorage, settings, logger });
  const agent = ownAgent({ settings, logger });
  const stack = dockerStack({
    docker: dockerAt({
      file: rules.dockerPath ?? findDocker(process.platform, environment.PATH ?? ''),
      environment: inheritedEnvironment('docker'),
    }),
    // Docker can't read in Electron's archive: a package has it beside that.
    composeFile: join(app.isPackaged ? process.resourcesPath : outDir, 'docker', 'docker-compose.yml'),
    platform: process.platform,
    logger,
    onStatus: (status) => tell(dockerStatusChannel, status),
  });
  const chooser = serviceChooser({
    config: rules,
    settings,
    tokens,
    stack,
    spawn: ticketServiceSpawner({
      entry: join(outDir, 'start.cjs'),
      codeFolder: codeFolder(app),
      inheritedEnv: inheritedEnvironment('runtime'),
    }),
    onStackFound: () => void backend.reopen(),
  });
  const updates = await setupUpdates({
    app,
    config: rules,
    settings,
    environment,
    logger,
    onStatus: (status) => tell(updateStatusChannel, status),
  });
  const appVersion = app.getVersion();
  let key: Promise<Buffer | undefined> | undefined;
  const ownKey = () => {
    key ??= keptKey({ safeStorage, settings, logger });
    return key;
  };
  const ofLastList = lastList({
    file: join(dataDir, 'last-list'),
    scope: () => JSON.stringify([appVersion, chooser.fingerprint()]),
    key: ownKey,
  });
  let isReopened = false;
  const isLoaded = once(app, 'browser-window-created').then(([, window]) => pageIsLoaded(window));
  const backend = openBackend(async () => {
    if (problem) throw problem;
    if (isReopened) {
      key = undefined;
      // Others' tickets come now, or the same for somebody else.
      await ofLastList.forget();
    }
    isReopened = true;
    await isLoaded;
    const { composeDesk } = await import('../backend/compose.ts');
    return composeDesk({
      dataDir,
      service: await chooser.choose(),
      agent() {
        const { id, name } = agent.current();
        return { id, name };
      },
      moveTarget: chooser.team,
      keptKey: await ownKey(),
      onForgetKept: () => void ofLastList.forget(),
      logger,
      appVersion,
    });
  }, logger);
  backend.onBackups(() => tell(backupsChannel, null));
  backend.onMove(() => tell(moveChannel, null));
  return {
    backend,
    chooser,
    tokens,
    agent,
    stack,
    updates,
    lastList: ofLastList,
    async stop() {
      chooser.close();
      updates.close();
      await Promise.all([backend.stop(), stack.close(), settings.settled()]);
    },
  };
}

/** Loading the backend keeps this thread, on which the window opens and its page is served. */
async function pageIsLoaded({ webContents }: BrowserWindow): Promise<void> {
  const ends = ['dom-ready', 'did-fail-load', 'render-process-gone', 'destroyed'];
  await Promise.race(ends.map((event) => once(webContents, event)));
}
