/** The ticket service: by itself, or as the child of a desk. */
import packageJson from '../../package.json' with { type: 'json' };
import { composeTicketService } from '../compose-ticket-service.ts';
import { readTicketServiceConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { findParent } from './parent.ts';
import { runProgram } from './program.ts';

const parent = findParent();

runProgram(
  async (signal) => {
    const config = readTicketServiceConfig();
    const logger = createLogger({ name: 'ticket-service', level: config.logLevel });
    const { version } = packageJson;
    const service = await composeTicketService({ ...config, version, logger, signal });
    if (parent) parent.tellReady();
    else console.log(`The ticket service is ready on ${service.address}`);
    return service;
  },
  { stopOn: (stop) => parent?.onStop(stop) },
);
