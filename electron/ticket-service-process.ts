/** Starts the ticket service as a utility process: Electron's own way to run Node, with runAsNode fused off. */
import { type UtilityProcess, utilityProcess } from 'electron';
import type { ServiceProcess, SpawnTicketService } from '../backend/compose.ts';

/**
 * @param options.entry absolute path of start.cjs
 * @param options.codeFolder of the code cache
 * @param options.inheritedEnv what the child gets beside what the caller of the spawn adds
 */
export function ticketServiceSpawner(options: {
  entry: string;
  codeFolder: string;
  inheritedEnv: NodeJS.ProcessEnv;
}): SpawnTicketService {
  const { entry, codeFolder, inheritedEnv } = options;
  return (env) => {
    const child = utilityProcess.fork(entry, ['ticket-service.cjs', codeFolder], {
      serviceName: 'Ticket Desk ticket service',
      env: { ...inheritedEnv, ...env },
      stdio: 'inherit',
    });
    return asServiceProcess(child);
  };
}

function asServiceProcess(child: UtilityProcess): ServiceProcess {
  let exitCode: number | null | undefined;
  const exitListeners: ((code: number | null) => void)[] = [];
  child.once('exit', (code) => {
    exitCode = code;
    for (const listener of exitListeners.splice(0)) listener(exitCode);
  });

  return {
    get pid() {
      return child.pid;
    },
    onExit(listener) {
      if (exitCode === undefined) exitListeners.push(listener);
      else queueMicrotask(() => listener(exitCode ?? null));
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    post(message) {
      if (exitCode === undefined) child.postMessage(message);
    },
    kill() {
      // UtilityProcess.kill asks politely (SIGTERM); this one must not be refused.
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
}
