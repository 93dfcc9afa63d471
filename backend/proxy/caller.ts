/** Who sends requests, and until when they may. */
import type { Agent } from '../domain/agent.ts';

/** Who sent a request, for as long as it takes to answer it. */
export interface Caller {
  /** Who they are, where what admitted them tells it. */
  agent?: Agent | undefined;
  /** By which the token that admitted them is known again, after a restart too; undefined: none that could be withdrawn. */
  token?: string | undefined;
  /** @throws HttpRefusal when what admitted them holds no more. */
  check(): void;
  /** Calls back once when it holds no more, at once where that is so already. @returns unsubscribe */
  onWithdrawn(listener: () => void): () => void;
}

/** Callers who are admitted once and for all, as by the token of the app's launch. */
export const everybody: Caller = { check() {}, onWithdrawn: () => () => {} };
