/**
 * Answers a subscription, which Apollo Server's own executor does not: as multipart/mixed, the protocol that Apollo
 * Client's HttpLink speaks. The boundary follows each part at once: a client that waits for it would otherwise see
 * every event one event late.
 */
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, subscribe } from 'graphql';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Caller } from '../caller.ts';
import type { ProxyContext } from '../context.ts';
import { formatError, jsonResponse } from './graphql-errors.ts';
import { type TellOperation, timeOperation } from './operations.ts';
import type { GraphqlBody } from './request-body.ts';

const boundary = '--graphql';
const multipartType = 'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"';
const heartbeatMs = 5_000;

/** A request that was checked, and asks for a subscription. */
export interface CheckedSubscription {
  document: DocumentNode;
  body: GraphqlBody;
  caller: Caller;
  context: ProxyContext;
}

export interface Subscriptions {
  /** Lasts until the caller ends it, or holds no admission any more, whatever the request says that it accepts. */
  answer(request: Request, checked: CheckedSubscription): Promise<Response>;
  /** Ends all of them, and lets none begin. */
  stop(): void;
}

type Results = AsyncIterableIterator<ExecutionResult>;

export function createSubscriptions(options: {
  schema: GraphQLSchema;
  logger: Logger;
  onOperation?: TellOperation | undefined;
}): Subscriptions {
  const { schema, logger, onOperation } = options;
  const open = new Set<Results>();
  let stopped = false;
  const toErrors = (errors: readonly unknown[]) => errors.map((error) => formatError(error, logger));

  return {
    async answer(request, { document, body, caller, context }) {
      const tell = timeOperation(onOperation);
      const refuse = (status: number, thrown: readonly unknown[]) => {
        const errors = toErrors(thrown);
        tell('subscription', errors);
        return jsonResponse(request, status, { errors });
      };
      if (stopped) return refuse(503, [closing()]);
      const results = await subscribe({
        schema,
        document,
        contextValue: context,
        operationName: body.operationName ?? null,
        variableValues: body.variables ?? null,
      });
      if (!(Symbol.asyncIterator in results)) return refuse(400, results.errors ?? []);
      tell('subscription');
      open.add(results);
      const stopListening = caller.onWithdrawn(() => void results.return?.());
      const stream = multipartBody(results, {
        toErrors,
        onClose() {
          stopListening();
          open.delete(results);
        },
      });
      return new Response(stream, {
        headers: { 'content-type': multipartType, 'cache-control': 'no-store' },
      });
    },
    stop() {
      stopped = true;
      for (const results of open) void results.return?.();
    },
  };
}

function closing(): DeskError {
  return new DeskError('UNAVAILABLE', 'Ticket Desk is closing. Subscribe again in a moment.');
}

const part = (value: object) =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n${boundary}`;

/**
 * @param results ended when the reader goes away
 * @param options.onClose called once, however it ends
 */
export function multipartBody(
  results: Results,
  { toErrors, onClose }: { toErrors(thrown: readonly unknown[]): readonly object[]; onClose(): void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  function close(): void {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    onClose();
  }

  /** Undefined once they have ended. */
  async function nextPart(): Promise<object | undefined> {
    const { done, value } = await results.next();
    if (done) return undefined;
    return { payload: value.errors ? { ...value, errors: toErrors(value.errors) } : value };
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
          const next = await nextPart();
          if (closed) return;
          if (next) {
            controller.enqueue(encoder.encode(part(next)));
            return;
          }
        } catch (thrown) {
          if (closed) return;
          controller.enqueue(encoder.encode(part({ payload: null, errors: toErrors([thrown]) })));
        }
        close();
        controller.enqueue(encoder.encode('--\r\n'));
        controller.close();
      },
      async cancel() {
        close();
        await results.return?.();
      },
    },
    { highWaterMark: 2 },
  );
}
