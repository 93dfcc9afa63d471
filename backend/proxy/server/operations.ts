/** Tells how each GraphQL operation ended, for whoever measures it; nothing of its text. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { ErrorCode } from '../../errors.ts';
import type { ProxyContext } from '../context.ts';

export interface OperationEnd {
  /** `unknown`: it could not be read. */
  type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** The code of its first error. */
  outcome: 'ok' | ErrorCode;
  /** Of a subscription: until it has begun. */
  durationMs: number;
}

export type TellOperation = (end: OperationEnd) => void;

type Errors = readonly { extensions?: { [key: string]: unknown } }[] | undefined;

/** Every error that leaves has a code of the closed table. */
export function outcomeOf(errors: Errors): OperationEnd['outcome'] {
  const [first] = errors ?? [];
  return first === undefined ? 'ok' : ((first.extensions?.code as ErrorCode) ?? 'INTERNAL');
}

/** For queries and mutations, which Apollo Server executes. */
export function operationTeller(tell: TellOperation): ApolloServerPlugin<ProxyContext> {
  return {
    async requestDidStart() {
      const startedAtMs = performance.now();
      return {
        async willSendResponse({ operation, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          const durationMs = performance.now() - startedAtMs;
          tell({ type: operation?.operation ?? 'unknown', outcome: outcomeOf(errors), durationMs });
        },
      };
    },
  };
}
