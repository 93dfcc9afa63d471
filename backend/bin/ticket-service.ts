/** The ticket service: by itself, or as the child of a desk. */
import '../tidy-environment.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { composeTicketService } from '../compose-ticket-service.ts';
import { readTicketServiceConfig } from '../config.ts';
import { createLogger, logWarnings } from '../logger.ts';
import { startOperations } from '../metrics/operations.ts';
import { findParent } from './parent.ts';
import { runProgram } from './program.ts';

const { version } = packageJson;
const parent = findParent();

runProgram(async (signal) => {
  const config = readTicketServiceConfig();
  const logger = createLogger({ name: 'ticket-service', level: config.logLevel });
  logWarnings(logger);
  const operations = await startOperations({ ...config, version, logger });
  const { registry, readiness } = operations;
  const measure = registry && (await import('../metrics/service-metrics.ts')).createServiceMetrics(registry);
  const service = await composeTicketService({
    ...config,
    isOfDesk: parent !== undefined,
    version,
    logger,
    signal,
    readiness,
    measure,
    onWaiting: (text) => parent?.tellProblem(text),
  });
  if (parent) {
    parent.onBackupTask(service.runBackup, logger);
    parent.tellReady();
  } else console.log(`The ticket service is ready on ${service.address}`);
  return {
    async stop() {
      await service.stop();
      await operations.stop();
    },
  };
}, parent && { stopOn: parent.onStop, onFailure: parent.tellProblem });
