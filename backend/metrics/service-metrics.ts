/** What is measured of a ticket service. */
import { Gauge, type Registry } from 'prom-client';
import type { ServiceMetrics } from '../compose-ticket-service.ts';
import { meteredCache } from './metered-cache.ts';
import { meterCalls } from './metered-calls.ts';
import { meteredSource } from './metered-source.ts';
import { meteredStore } from './metered-store.ts';

export function createServiceMetrics(registry: Registry): ServiceMetrics {
  return {
    store: (store) => meteredStore(store, registry),
    cache: (cache) => meteredCache(cache, registry),
    source: (open) => meteredSource(open, registry),
    calls: meterCalls(registry),
    connections(read) {
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
