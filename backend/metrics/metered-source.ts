/** What comes out of the queue, and what becomes of it. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CreateSource, Delivery, OpenCreateSource } from '../ports/create-source.ts';

export function meteredSource(open: OpenCreateSource, registry: Registry): OpenCreateSource {
  const deliveries = new Counter({
    name: 'ticket_desk_queue_deliveries_total',
    help: 'Messages taken from the queue, by whether it was their first delivery or another.',
    labelNames: ['delivery'],
    registers: [registry],
  });
  const ends = new Counter({
    name: 'ticket_desk_queue_deliveries_ended_total',
    help: 'What became of messages: finished (stored or rejected, on disk) or requeued (tried again later).',
    labelNames: ['result'],
    registers: [registry],
  });
  const inFlight = new Gauge({
    name: 'ticket_desk_consumer_in_flight',
    help: 'Messages that this service holds and has neither finished nor requeued.',
    registers: [registry],
  });
  const metered = (delivery: Delivery): Delivery => {
    deliveries.inc({ delivery: delivery.attempts > 1 ? 'again' : 'first' });
    inFlight.inc();
    const end = (result: 'finished' | 'requeued') => {
      ends.inc({ result });
      inFlight.dec();
    };
    return {
      id: delivery.id,
      body: delivery.body,
      publishedAtMs: delivery.publishedAtMs,
      attempts: delivery.attempts,
      finish() {
        end('finished');
        delivery.finish();
      },
      requeue(delayMs) {
        end('requeued');
        delivery.requeue(delayMs);
      },
    };
  };
  return (options) => {
    const source = open({ ...options, onDelivery: (delivery) => options.onDelivery(metered(delivery)) });
    observeConnection(source, registry);
    return source;
  };
}

function observeConnection(source: CreateSource, registry: Registry): void {
  new Gauge({
    name: 'ticket_desk_queue_connected',
    help: '1 while this service is connected to a queue, else 0.',
    registers: [registry],
    collect() {
      this.set(source.connected() ? 1 : 0);
    },
  });
}
