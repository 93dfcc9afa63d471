/** Puts a desk behind HTTP. */
import path from 'node:path';
import type { DeskBackend } from '../compose.ts';
import type { ServeConfig } from '../config.ts';
import { makeSecretFile, readSecret } from '../embedded/secret-file.ts';
import type { Logger } from '../logger.ts';
import { isLoopback } from '../loopback.ts';
import type { Operations } from '../metrics/operations.ts';
import { startHttp } from '../proxy/http.ts';
import { openApiTokens } from '../token-file.ts';

/** Serves the desk and says where; a desk that can't be served is stopped again. */
export async function serveDesk(options: {
  desk: DeskBackend;
  config: ServeConfig;
  logger: Logger;
  operations: Operations;
  /** The web face. */
  staticDir: string;
}): Promise<{ stop(): Promise<void> }> {
  const { desk, config, logger, operations, staticDir } = options;
  try {
    const { host, port } = config;
    const { tokens, close: closeTokens } = openApiTokens({
      entries: await tokensToDemand(config),
      file: config.apiTokensFile,
      logger,
    });
    const http = await startHttp({ handle: desk.handle, host, port, tokens, staticDir, logger });
    operations.readiness.started();
    if (config.hostNotice !== undefined) console.log(config.hostNotice);
    if (config.setBy.length > 0) console.log(`Set by the environment: ${config.setBy.join(', ')}`);
    console.log(`Data folder: ${config.dataDir}`);
    console.log(`Ticket Desk is ready: ${http.url}`);
    return {
      async stop() {
        operations.readiness.drain();
        // They would keep the answers from ending.
        desk.endSubscriptions();
        closeTokens();
        await http.stop();
        await desk.stop();
        await operations.stop();
      },
    };
  } catch (thrown) {
    await desk.stop();
    throw thrown;
  }
}

/**
 * A desk that other computers can reach must not be open to all of them: with no token set, one is made and
 * kept in the data folder. Its place is printed, never the token.
 */
async function tokensToDemand(config: ServeConfig): Promise<readonly string[]> {
  const isGiven = config.apiTokens.length > 0 || config.apiTokensFile !== undefined;
  if (isLoopback(config.host) || isGiven) return config.apiTokens;
  const file = path.join(config.dataDir, 'api-token');
  const token = (await readSecret(file)) ?? (await makeSecretFile(file));
  console.log(`Other computers can reach this desk. Callers must show the token in ${file}`);
  return [token];
}
