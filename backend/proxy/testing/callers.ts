/** Callers by their tokens, as over HTTP. */
import { ApiTokens } from '../../secrets.ts';
import type { Caller } from '../caller.ts';

/** @param given at least one */
export function callersOf<Given extends readonly string[]>(...given: Given) {
  const tokens = new ApiTokens(given);
  const callers = given.map((token): Caller => {
    const authorization = `Bearer ${token}`;
    return {
      check() {},
      token: tokens.admits(authorization).key,
      onWithdrawn: tokens.onWithdrawn.bind(tokens, authorization),
    };
  });
  return { tokens, callers: callers as { [At in keyof Given]: Caller } };
}
