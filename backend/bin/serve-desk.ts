/** Puts a desk behind HTTP. */
import path from 'node:path';
import type { DeskBackend } from '../compose.ts';
import { isLoopback, type ServeConfig } from '../config.ts';
import { makeSecretFile, readSecret } from '../embedded/secret-file.ts';
import type { Logger } from '../logger.ts';
import { startHttp } from '../proxy/http.ts';

/** Serves the desk and says where; a desk that can't be served is stopped again. */
export async function serveDesk(options: {
  desk: DeskBackend;
  config: ServeConfig;
  logger: Logger;
  /** The web face. */
  staticDir: string;
}): Promise<{ stop(): Promise<void> }> {
  const { desk, config, logger, staticDir } = options;
  try {
    const { host, port } = config;
    const apiTokens = await tokensToDemand(config);
    const http = await startHttp({ handle: desk.handle, host, port, apiTokens, staticDir, logger });
    console.log(`Ticket Desk is ready: ${http.url}`);
    return {
      async stop() {
        await http.stop();
        await desk.stop();
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
  if (isLoopback(config.host) || config.apiTokens.length > 0) return config.apiTokens;
  const file = path.join(config.dataDir, 'api-token');
  const token = (await readSecret(file)) ?? (await makeSecretFile(file));
  console.log(`Other computers can reach this desk. Callers must show the token in ${file}`);
  return [token];
}
