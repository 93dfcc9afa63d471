/** Tells how each GraphQL operation ended, for whoever measures it; nothing of its text. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { ErrorCode } from '../../errors.ts';

export interface OperationEnd {
  /** `unknown`: it could not be read. */
  type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** The code of its first error. */
  outcome: 'ok' | ErrorCode;
  /** Of a subscription: until it has begun. */
  durationMs: number;
}

export type TellOperation = (end: OperationEnd) => void;

/** @returns to be called when the operation that begins now is answered */
export function timeOperation(tell: TellOperation | undefined) {
  const startedAtMs = performance.now();
  return (
    type: OperationEnd['type'] = 'unknown',
    [first]: readonly { extensions?: { [key: string]: unknown } }[] = [],
  ) => {
    // Every error that leaves has a code of the closed table.
    const outcome = first === undefined ? 'ok' : ((first.extensions?.code as ErrorCode) ?? 'INTERNAL');
    tell?.({ type, outcome, durationMs: performance.now() - startedAtMs });
  };
}

/** For queries and mutations, which Apollo Server executes. */
export function operationTeller(tell: TellOperation): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const ended = timeOperation(tell);
      return {
        async willSendResponse({ operation, response: { body } }) {
          ended(operation?.operation, body.kind === 'single' ? body.singleResult.errors : undefined);
        },
      };
    },
  };
}
