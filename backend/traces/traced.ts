/** The spans of a create: from its filing to its row (createTicket), each try to send it, and its way into the database. */
import { toDeskError } from '../errors.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import type { OutboxEvent } from '../proxy/outbox/entry.ts';
import type { TicketStore } from '../ticket-service/store/ticket-store.ts';
import type { SpanExporter } from './span-exporter.ts';

/** Tells the whole of a create once it has left the outbox. */
export function traceCreates(exporter: SpanExporter): (event: OutboxEvent) => void {
  return ({ entry, removed }) => {
    if (!removed) return;
    const { requestId, createdAt, state, attempts } = entry;
    exporter.record({
      requestId,
      name: 'createTicket',
      startMs: Date.parse(createdAt),
      endMs: Date.now(),
      attributes: { state, attempts },
    });
  };
}

export function tracedQueue(queue: CreateQueue, exporter: SpanExporter): CreateQueue {
  return {
    ...queue,
    async publish(create, options) {
      const span = { requestId: create.requestId, name: 'publish', startMs: Date.now() } as const;
      try {
        const result = await queue.publish(create, options);
        exporter.record({ ...span, endMs: Date.now(), attributes: { result: result.state } });
        return result;
      } catch (thrown) {
        exporter.record({ ...span, endMs: Date.now(), attributes: {}, error: toDeskError(thrown).code });
        throw thrown;
      }
    },
  };
}

export function tracedStore(store: TicketStore, exporter: SpanExporter): TicketStore {
  return {
    ...store,
    async create(creates) {
      const startMs = Date.now();
      const record = (tell: (at: number) => { result?: string; error?: string }) => {
        const endMs = Date.now();
        for (const [at, { requestId }] of creates.entries()) {
          const { result, error } = tell(at);
          const attributes = { 'batch.size': creates.length, ...(result && { result }) };
          exporter.record({ requestId, name: 'store', startMs, endMs, attributes, ...(error && { error }) });
        }
      };
      try {
        const outcomes = await store.create(creates);
        record((at) => ({ result: outcomes[at]?.state ?? 'unknown' }));
        return outcomes;
      } catch (thrown) {
        record(() => ({ error: toDeskError(thrown).code }));
        throw thrown;
      }
    },
  };
}
