/** The whole desk in plain Node: proxy, web face, ticket service, database. */
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { composeDesk } from '../compose.ts';
import { readServeConfig } from '../config.ts';
import { forkTicketService } from '../embedded/fork-ticket-service.ts';
import { createLogger } from '../logger.ts';
import { runProgram } from './program.ts';
import { serveDesk } from './serve-desk.ts';

runProgram(async () => {
  const config = readServeConfig();
  const logger = createLogger({ name: 'ticket-desk', level: config.logLevel });
  const desk = await composeDesk({
    dataDir: config.dataDir,
    service: { kind: 'built-in', spawn: forkTicketService(path.join(__dirname, 'ticket-service.cjs')) },
    logger,
    appVersion: packageJson.version,
    onProgress: (text) => console.log(text),
  });
  return await serveDesk({ desk, config, logger, staticDir: path.join(__dirname, 'renderer') });
});
