/** What is measured of a ticket service. */
import { Gauge, type Registry } from 'prom-client';
import type { Cache } from '../ports/cache.ts';
import type { OpenCreateSource } from '../ports/create-source.ts';
import type { Connections } from '../ticket-service/store/database.ts';
import type { TicketStore } from '../ticket-service/store/ticket-store.ts';
import { meteredCache } from './metered-cache.ts';
import { meterCalls } from './metered-calls.ts';
import { meteredSource } from './metered-source.ts';
import { meteredStore } from './metered-store.ts';

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>;

export function createServiceMetrics(registry: Registry) {
  return {
    store: (store: TicketStore) => meteredStore(store, registry),
    cache: (cache: Cache) => meteredCache(cache, registry),
    source: (open: OpenCreateSource) => meteredSource(open, registry),
    calls: meterCalls(registry),
    connections(read: () => Connections) {
      new Gauge({
        name: 'ticket_desk_database_connections',
        help: 'Connections to Postgres in the pool: in use or idle; and calls that wait for one.',
        labelNames: ['state'],
        registers: [registry],
        collect() {
          const { total, idle, waiting } = read();
          this.set({ state: 'used' }, total - idle);
          this.set({ state: 'idle' }, idle);
          this.set({ state: 'waiting' }, waiting);
        },
      });
    },
  };
}
