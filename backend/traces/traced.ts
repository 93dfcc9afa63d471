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
      // The clock may have been set back since.
      endMs: Math.max(Date.parse(createdAt), Date.now()),
      attributes: { state, attempts },
    });
  };
}

export function tracedQueue(queue: CreateQueue, exporter: SpanExporter): CreateQueue {
  return {
    ...queue,
    async publish(create, options) {
      const times = startTimes();
      const span = { requestId: create.requestId, name: 'publish' } as const;
      try {
        const result = await queue.publish(create, options);
        exporter.record({ ...span, ...times(), attributes: { result: result.state } });
        return result;
      } catch (thrown) {
        exporter.record({ ...span, ...times(), attributes: {}, error: toDeskError(thrown).code });
        throw thrown;
      }
    },
  };
}

export function tracedStore(store: TicketStore, exporter: SpanExporter): TicketStore {
  return {
    ...store,
    async create(creates) {
      const times = startTimes();
      const record = (tell: (at: number) => { result?: string; error?: string }) => {
        const span = { name: 'store', ...times() } as const;
        for (const [at, { requestId }] of creates.entries()) {
          const { result, error } = tell(at);
          const attributes = { 'batch.size': creates.length, ...(result && { result }) };
          exporter.record({ ...span, requestId, attributes, ...(error && { error }) });
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

/** @returns what gives both ends of what begins now; how long it took does not hang on the clock of the calendar */
function startTimes(): () => { startMs: number; endMs: number } {
  const startMs = Date.now();
  const begunMs = performance.now();
  return () => ({ startMs, endMs: startMs + performance.now() - begunMs });
}
