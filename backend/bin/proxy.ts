/** The proxy and the web face alone, in front of a ticket service that runs elsewhere. */
import '../tidy-environment.ts';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { composeDesk } from '../compose.ts';
import { readProxyConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { startOperations } from '../metrics/operations.ts';
import { runProgram } from './program.ts';
import { serveProxy } from './serve-proxy.ts';

const { version } = packageJson;

runProgram(async () => {
  const config = readProxyConfig();
  const logger = createLogger({ name: 'proxy', level: config.logLevel });
  const operations = await startOperations({ ...config, version, logger });
  const { registry } = operations;
  const desk = await composeDesk({
    dataDir: config.dataDir,
    service: { kind: 'remote', ...config },
    logger,
    appVersion: version,
    tracesTo: config.tracesTo,
    measure: registry && (await import('../metrics/proxy-metrics.ts')).createProxyMetrics(registry),
  });
  return await serveProxy({ desk, config, logger, operations, staticDir: path.join(__dirname, 'renderer') });
});
