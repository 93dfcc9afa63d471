/** Composes a desk and puts it behind HTTP. */
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { composeDesk, type DeskOptions } from '../compose.ts';
import type { ServeConfig } from '../config.ts';
import { makeSecretFile, readSecret } from '../embedded/secret-file.ts';
import { createLogger, logWarnings } from '../logger.ts';
import { startOperations } from '../metrics/operations.ts';
import { startHttp } from '../proxy/http.ts';
import { openSignIn } from '../proxy/web/sign-in.ts';
import { openApiTokens } from '../token-file.ts';

const { version } = packageJson;

/** Serves a desk and says where; one that can't be served is stopped again. @param options.name in the log */
export async function serveDesk(
  options: { name: string; config: ServeConfig } & Pick<DeskOptions, 'service' | 'agent' | 'onProgress'>,
): Promise<{ stop(): Promise<void> }> {
  const { name, config, ...ofDesk } = options;
  const logger = createLogger({ name, level: config.logLevel });
  logWarnings(logger);
  const operations = await startOperations({ ...config, version, logger });
  const { registry } = operations;
  const desk = await composeDesk({
    ...ofDesk,
    dataDir: config.dataDir,
    logger,
    appVersion: version,
    tracesTo: config.tracesTo,
    measure: registry && (await import('../metrics/proxy-metrics.ts')).createProxyMetrics(registry),
  });
  try {
    const { host, port } = config;
    const isGiven = config.apiTokens.length > 0 || config.apiTokensFile !== undefined;
    const tokenFile = path.join(config.dataDir, 'api-token');
    const { tokens, close: closeTokens } = openApiTokens({
      entries: isGiven ? config.apiTokens : [await ownToken(tokenFile)],
      file: config.apiTokensFile,
      logger,
    });
    desk.admitBy((token) => tokens.isGood(token));
    // Whoever gives tokens lets people in by them, and may keep what is printed where others read it.
    const signIn = isGiven
      ? undefined
      : openSignIn({
          tokens,
          onUsed: (code) => console.log(`The link was used. For another browser: ${link(http.url, code)}`),
        });
    const staticDir = path.join(__dirname, 'renderer');
    const http = await startHttp({ handle: desk.handle, host, port, tokens, signIn, staticDir, logger });
    operations.readiness.started();
    const told = [
      config.hostNotice,
      config.setBy.length > 0 && `Set by the environment: ${config.setBy.join(', ')}`,
      `Data folder: ${config.dataDir}`,
      `Ticket Desk is ready: ${http.url}`,
      signIn && `Open it in your browser by this link, which works once: ${link(http.url, signIn.code())}`,
      signIn && `Other programs show the token in ${tokenFile}`,
    ];
    // In one piece: who has read that it is ready has read the link as well.
    console.log(told.filter(Boolean).join('\n'));
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

/** What a program of this person shows; made once, and readable by them alone. */
async function ownToken(file: string): Promise<string> {
  return (await readSecret(file)) ?? (await makeSecretFile(file));
}

/** The code stands behind #, which a browser sends to nobody. */
function link(url: string, code: string): string {
  // An address that stands for all of this computer is no place to go to.
  const { protocol, host } = new URL(
    url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'),
  );
  return `${protocol}//${host}/#code=${code}`;
}
