/** What is measured of a proxy. */
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { CreateQueue } from '../ports/create-queue.ts';
import type { OperationEnd, Proxy as TicketProxy } from '../proxy/proxy.ts';
import { meteredQueue } from './metered-queue.ts';
import { durationBucketsSeconds } from './registry.ts';

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>;

export function createProxyMetrics(registry: Registry) {
  const operations = new Histogram({
    name: 'ticket_desk_graphql_operation_duration_seconds',
    help: 'Time of one GraphQL operation, by type and outcome (ok, or the code of its first error); of a subscription, until it has begun.',
    labelNames: ['type', 'outcome'],
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  return {
    queue: (queue: CreateQueue) => meteredQueue(queue, registry),
    operation: ({ type, outcome, durationMs }: OperationEnd) =>
      operations.observe({ type, outcome }, durationMs / 1000),
    outbox(outbox: Pick<TicketProxy['outbox'], 'waiting' | 'longestWaitMs'>) {
      new Gauge({
        name: 'ticket_desk_outbox_creates',
        help: 'Creates on the disk of this proxy that are not known to be stored: waiting, or failed (for their author to mend).',
        labelNames: ['state'],
        registers: [registry],
        collect() {
          const { waiting, failed } = outbox.waiting();
          this.set({ state: 'waiting' }, waiting);
          this.set({ state: 'failed' }, failed);
        },
      });
      new Gauge({
        name: 'ticket_desk_outbox_oldest_age_seconds',
        help: 'Since when the oldest waiting create waits; 0 when none does.',
        registers: [registry],
        collect() {
          this.set((outbox.longestWaitMs() ?? 0) / 1000);
        },
      });
    },
    link(isConnected: () => boolean) {
      new Gauge({
        name: 'ticket_desk_link_connected',
        help: '1 while the proxy is linked to a ticket service, else 0.',
        registers: [registry],
        collect() {
          this.set(isConnected() ? 1 : 0);
        },
      });
    },
  };
}
