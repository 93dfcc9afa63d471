/** The ticket service as a child of plain Node. */
import { fork } from 'node:child_process';
import { inheritedEnvironment } from '../config.ts';
import type { ServiceProcess, SpawnTicketService } from './service-process.ts';

/** @param entry absolute path of the service's bundle, out/ticket-service.cjs */
export function forkTicketService(entry: string): SpawnTicketService {
  return (env) => {
    const child = fork(entry, [], {
      env: { ...inheritedEnvironment('runtime'), ...env },
      // Node's own switches are meant for the desk: with --inspect-brk the child would wait for a debugger.
      execArgv: [],
      // A session of its own: Ctrl+C in a terminal reaches the desk alone, which then stops things in order.
      detached: process.platform !== 'win32',
    });
    const serviceProcess: ServiceProcess = {
      get pid() {
        return child.pid;
      },
      onExit(listener) {
        let told = false;
        const tell = (code: number | null) => {
          if (!told) listener(code);
          told = true;
        };
        child.once('exit', tell);
        child.on('error', () => {
          // Without a pid it never started, and no exit will follow.
          if (child.pid === undefined) tell(null);
        });
      },
      onMessage: (listener) => child.on('message', listener),
      post(message) {
        // The channel is closed once the child has ended; the callback keeps that from being thrown.
        if (child.connected) child.send(message as object, () => {});
      },
      kill: () => child.kill('SIGKILL'),
    };
    return serviceProcess;
  };
}
