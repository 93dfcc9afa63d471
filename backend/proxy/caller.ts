/** Who sends requests, and until when they may. */
import type { Agent } from '../domain/agent.ts';

/** Who sent a request, for as long as it takes to answer it. */
export interface Caller {
  /** Who they are, where their token tells it. */
  agent?: Agent | undefined;
  /** The key of the token that admitted them, the same after a restart; undefined: no token that could be withdrawn. */
  token?: string | undefined;
  /** @throws HttpRefusal when they may not use the desk any more. */
  check(): void;
  /** Calls back once they may not use the desk any more, at once if that is so already. @returns unsubscribe */
  onWithdrawn(listener: () => void): () => void;
}

/** Callers who are admitted once and for all, as by the token of the app's launch. */
export const everybody: Caller = { check() {}, onWithdrawn: () => () => {} };
