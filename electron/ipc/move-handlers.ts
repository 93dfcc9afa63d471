/** What main does for the page that moves tickets to a team's server. */
import type { MoveUp } from '../../backend/compose.ts';
import { DeskError } from '../../backend/errors.ts';
import type { Backend } from '../backend.ts';
import type { Handlers } from './contract.ts';

export function moveHandlers({
  backend,
}: {
  backend: Pick<Backend, 'moveUp'>;
}): Pick<Handlers, 'moveStatus' | 'startMove' | 'pauseMove'> {
  async function required(): Promise<MoveUp> {
    const moveUp = await backend.moveUp();
    if (moveUp) return moveUp;
    throw new DeskError(
      'UNAVAILABLE',
      'Tickets are moved from this computer, and they are kept elsewhere now.',
    );
  }

  return {
    moveStatus: async () => (await backend.moveUp())?.status() ?? null,
    startMove: async () => (await required()).start(),
    pauseMove: async () => (await required()).pause(),
  };
}
