/**
 * GraphQL subscriptions over HTTP as multipart/mixed, the protocol that Apollo Client's HttpLink speaks. The boundary
 * follows each part at once: a client that waits for it would otherwise see every event one event late.
 */
import type { ExecutionResult } from 'graphql';

const boundary = '--graphql';
const heartbeatMs = 5_000;

export const multipartType = 'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"';

const part = (value: object) =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n${boundary}`;

/**
 * @param options.results what to send; ended when the reader goes away.
 * @param options.toErrors what to say when the results end by throwing.
 * @param options.onClose called once, however it ends.
 */
export function multipartBody(options: {
  results: AsyncIterableIterator<ExecutionResult>;
  toErrors(thrown: unknown): readonly object[];
  onClose(): void;
}): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  function close(): void {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    options.onClose();
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(`\r\n${boundary}`));
        heartbeat = setInterval(() => {
          // A reader that does not keep up gets no heartbeats on top.
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(part({})));
        }, heartbeatMs);
      },
      async pull(controller) {
        try {
          const next = await options.results.next();
          if (closed) return;
          if (!next.done) {
            controller.enqueue(encoder.encode(part({ payload: next.value })));
            return;
          }
        } catch (thrown) {
          if (closed) return;
          controller.enqueue(encoder.encode(part({ payload: null, errors: options.toErrors(thrown) })));
        }
        close();
        controller.enqueue(encoder.encode('--\r\n'));
        controller.close();
      },
      async cancel() {
        close();
        await options.results.return?.();
      },
    },
    { highWaterMark: 2 },
  );
}
