/** One unary call as a promise, always with a deadline. */
import type { CallOptions, ClientUnaryCall, requestCallback } from '@grpc/grpc-js';

export const deadlinesMs = { read: 10_000, write: 10_000, probe: 5_000 } as const;

/** @param start makes the call with the options it is given. Rejects with grpc-js's ServiceError. */
export function unary<Answer>(
  start: (options: CallOptions, done: requestCallback<Answer>) => ClientUnaryCall,
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const cancel = () => call.cancel();
    // grpc-js wants a moment of the calendar, and makes a timer of it in the same turn.
    const call = start({ deadline: Date.now() + options.deadlineMs }, (error, answer) => {
      options.signal?.removeEventListener('abort', cancel);
      if (error) reject(error);
      else resolve(answer as Answer);
    });
    if (options.signal?.aborted) cancel();
    else options.signal?.addEventListener('abort', cancel, { once: true });
  });
}
