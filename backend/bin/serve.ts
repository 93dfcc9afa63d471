/** The whole desk in plain Node: proxy, web face, ticket service, database. */
import '../tidy-environment.ts';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { composeDesk } from '../compose.ts';
import { readServeConfig } from '../config.ts';
import { forkTicketService } from '../embedded/fork-ticket-service.ts';
import { createLogger } from '../logger.ts';
import { startOperations } from '../metrics/operations.ts';
import { runProgram } from './program.ts';
import { serveProxy } from './serve-proxy.ts';
import { systemAgent } from './system-agent.ts';

const { version } = packageJson;

runProgram(async () => {
  const config = readServeConfig();
  const logger = createLogger({ name: 'ticket-desk', level: config.logLevel });
  const operations = await startOperations({ ...config, version, logger });
  const { registry } = operations;
  // Whoever is let in by a token that was given may be anybody.
  const isOwn = config.apiTokens.length === 0 && config.apiTokensFile === undefined;
  const desk = await composeDesk({
    dataDir: config.dataDir,
    service: { kind: 'built-in', spawn: forkTicketService(path.join(__dirname, 'ticket-service.cjs')) },
    agent: () => (isOwn ? systemAgent() : undefined),
    logger,
    appVersion: version,
    tracesTo: config.tracesTo,
    measure: registry && (await import('../metrics/proxy-metrics.ts')).createProxyMetrics(registry),
    onProgress: (text) => console.log(text),
  });
  return await serveProxy({ desk, config, logger, operations, staticDir: path.join(__dirname, 'renderer') });
});
