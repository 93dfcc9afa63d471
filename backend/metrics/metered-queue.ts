/** How long the way out of the outbox takes, and what comes of it. */
import { Histogram, type Registry } from 'prom-client';
import { mayPass, toDeskError } from '../errors.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import { durationBucketsSeconds, stopwatch } from './registry.ts';

export function meteredQueue(queue: CreateQueue, registry: Registry): CreateQueue {
  const durations = new Histogram({
    name: 'ticket_desk_publish_duration_seconds',
    help: 'Time to send one create, by what came of it: stored, accepted, failed (tried again), refused (for good) or stopped.',
    labelNames: ['result'],
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  return {
    ...queue,
    async publish(create, options) {
      const elapsed = stopwatch();
      try {
        const result = await queue.publish(create, options);
        durations.observe({ result: result.state }, elapsed());
        return result;
      } catch (thrown) {
        durations.observe({ result: failure(thrown, options.signal) }, elapsed());
        throw thrown;
      }
    },
  };
}

function failure(thrown: unknown, signal: AbortSignal): 'stopped' | 'failed' | 'refused' {
  if (signal.aborted) return 'stopped';
  const error = toDeskError(thrown);
  // A refused token is the way's trouble, and is tried again like it.
  return mayPass(error) || error.code !== 'BAD_USER_INPUT' ? 'failed' : 'refused';
}
