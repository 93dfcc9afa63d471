/** How the compose stack does, in the words of its status, while nothing is done with it. */
import type { Logger } from '../../backend/logger.ts';
import type { DockerStatus } from '../../proto/desktop-bridge.ts';
import { serviceStates } from './containers.ts';
import { type Compose, lastLines, Unavailable } from './docker-compose.ts';

/** As many lines of a log are shown. */
export const logLines = 40;

export function stackLooks(compose: Compose, logger: Logger) {
  async function look(): Promise<DockerStatus> {
    try {
      const services = serviceStates(await compose.plan(), await compose.containers(), new Map());
      const failed = services.find(({ state }) => state === 'failed');
      if (failed) return { phase: 'failed', services, ...(await lastWordsOf(compose, failed.name)) };
      return { phase: phaseOf(services), services, text: null, log: [] };
    } catch (thrown) {
      return notAvailable(thrown);
    }
  }

  /** What is shown in place of it when Docker can't be asked. */
  function notAvailable(thrown: unknown): DockerStatus {
    if (thrown instanceof Unavailable)
      return { phase: 'unavailable', services: [], text: thrown.message, log: [] };
    logger.error({ err: thrown }, 'the stack could not be controlled');
    return {
      phase: 'unavailable',
      services: [],
      text: 'Docker gave an answer that Ticket Desk does not understand. The log has the details.',
      log: [],
    };
  }

  return { look, notAvailable };
}

async function lastWordsOf(compose: Compose, service: string): Promise<Pick<DockerStatus, 'text' | 'log'>> {
  const log = await compose.ask(['logs', '--no-color', '--no-log-prefix', '--tail', `${logLines}`, service]);
  const text = `The service ${service} does not run as it should. These are the last lines of its log.`;
  return { text, log: lastLines(log, logLines) };
}

function phaseOf(services: DockerStatus['services']): DockerStatus['phase'] {
  const states = services.map(({ state }) => state);
  if (states.includes('failed')) return 'failed';
  if (states.every((state) => state === 'healthy' || state === 'done')) return 'running';
  const isUp = states.some((state) => state === 'healthy' || state === 'starting');
  return isUp && !states.includes('stopped') && !states.includes('waiting') ? 'starting' : 'stopped';
}
