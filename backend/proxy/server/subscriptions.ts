/** Answers a subscription, which Apollo Server's own executor does not. */
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, subscribe } from 'graphql';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Caller, ProxyContext } from '../context.ts';
import { formatError } from './errors.ts';
import { multipartBody, multipartType } from './multipart.ts';
import { outcomeOf, type TellOperation } from './operations.ts';
import type { GraphqlBody } from './request-body.ts';
import { jsonResponse } from './responses.ts';

/** A request that was checked, and asks for a subscription. */
export interface CheckedSubscription {
  document: DocumentNode;
  body: GraphqlBody;
  caller: Caller;
}

export interface Subscriptions {
  /** Lasts until the caller ends it, or holds no admission any more, whatever the request says that it accepts. */
  answer(request: Request, checked: CheckedSubscription): Promise<Response>;
  /** Ends all of them, and lets none begin. */
  stop(): void;
}

export function createSubscriptions(options: {
  schema: GraphQLSchema;
  context: ProxyContext;
  logger: Logger;
  onOperation?: TellOperation | undefined;
}): Subscriptions {
  const { schema, context, logger, onOperation } = options;
  const open = new Set<AsyncIterableIterator<ExecutionResult>>();
  let stopped = false;
  const toErrors = (errors: readonly unknown[]) => errors.map((error) => formatError(error, logger));

  async function answer(
    request: Request,
    { document, body, caller }: CheckedSubscription,
  ): Promise<Response> {
    const startedAtMs = performance.now();
    const tell = (errors?: ReturnType<typeof toErrors>) =>
      onOperation?.({
        type: 'subscription',
        outcome: outcomeOf(errors),
        durationMs: performance.now() - startedAtMs,
      });
    const refuse = (status: number, thrown: readonly unknown[]) => {
      const errors = toErrors(thrown);
      tell(errors);
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
    tell();
    const formatted = withFormattedErrors(results, toErrors);
    open.add(formatted);
    const stopListening = caller.onWithdrawn(() => void formatted.return?.());
    const stream = multipartBody({
      results: formatted,
      toErrors: (thrown) => toErrors([thrown]),
      onClose() {
        stopListening();
        open.delete(formatted);
      },
    });
    return new Response(stream, {
      headers: { 'content-type': multipartType, 'cache-control': 'no-store' },
    });
  }

  return {
    answer,
    stop() {
      stopped = true;
      for (const results of open) void results.return?.();
    },
  };
}

function closing(): DeskError {
  return new DeskError('UNAVAILABLE', 'Ticket Desk is closing. Subscribe again in a moment.');
}

function withFormattedErrors(
  results: AsyncIterableIterator<ExecutionResult>,
  toErrors: (errors: readonly unknown[]) => object[],
): AsyncIterableIterator<ExecutionResult> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const next = await results.next();
      if (next.done || !next.value.errors) return next;
      const errors = toErrors(next.value.errors) as unknown as NonNullable<ExecutionResult['errors']>;
      return { done: false, value: { ...next.value, errors } };
    },
    async return() {
      await results.return?.();
      return { done: true, value: undefined };
    },
  };
}
