/** What main does for the page with the stack on Docker. */
import type { DockerStack } from '../docker/docker-stack.ts';
import type { Handlers } from './contract.ts';

/** @param options.onStarted called when the stack has come up. */
export function dockerHandlers(options: {
  stack: DockerStack;
  onStarted: () => void;
}): Pick<Handlers, 'dockerStatus' | 'startDocker' | 'stopDocker'> {
  const { stack, onStarted } = options;
  return {
    dockerStatus: () => stack.status(),
    async startDocker() {
      const status = await stack.start();
      if (status.phase === 'running') onStarted();
      return status;
    },
    stopDocker: () => stack.stop(),
  };
}
