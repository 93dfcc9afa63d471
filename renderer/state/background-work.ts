/**
 * Work that the proxy does on its own: bulk changes, exports and imports. A browser has no connection to spare for one
 * more stream, so the page asks how far it is while it is under way.
 */

export const askEveryMs = 300;

type State = 'READY' | 'RUNNING' | 'WAITING' | 'STOPPED' | 'DONE' | 'FAILED' | 'CANCELLED';

export interface BackgroundWork {
  state: State;
}

/** Also while it waits for its turn or for the link, as it goes on by itself. */
export function isUnderWay({ state }: BackgroundWork): boolean {
  return state === 'RUNNING' || state === 'WAITING';
}
