/** Who is where, told from service to service by Postgres's notifications, of which nothing is kept. */
import { createListeners } from '../../../proto/listeners.ts';
import type { Presence } from '../../domain/agent.ts';
import type { Database } from './database.ts';
import type { PresenceChannel } from './ticket-store.ts';

export const presenceChannel = 'ticket_presence';

/** A notification holds 8,000 bytes; a presence, whose texts are bounded, less than a quarter of it. */
export function createPresenceChannel(database: Database): PresenceChannel & { hear(payload: string): void } {
  const told = createListeners<Presence>();
  return {
    async tell(presence) {
      await database.query('select pg_notify($1, $2)', [presenceChannel, JSON.stringify(presence)]);
    },
    onTold: told.add,
    hear: (payload) => told.emit(JSON.parse(payload)),
  };
}
