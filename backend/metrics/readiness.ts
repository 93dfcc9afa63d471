/** Whether this process can do its work now; who asks is told what is missing. That it runs at all is another question. */
import { atMost, pause } from '../pause.ts';

export interface Readiness {
  /** Something without which the work can't be done, by its name for an operator. */
  add(name: string, holds: () => boolean | Promise<boolean>): void;
  /** The start is over: from here on the conditions alone decide. */
  started(): void;
  /** The end has begun: not ready any more, for good. */
  drain(): void;
  /** The names of what is missing; none: ready. Answers within 2 s and never rejects. */
  missing(): Promise<string[]>;
}

/** What takes longer to answer does not hold. */
const patienceMs = 2_000;

export function createReadiness(): Readiness {
  const conditions = new Map<string, () => boolean | Promise<boolean>>();
  let phase: 'starting' | 'running' | 'draining' = 'starting';
  return {
    add: (name, holds) => void conditions.set(name, holds),
    started() {
      if (phase === 'starting') phase = 'running';
    },
    drain() {
      phase = 'draining';
    },
    async missing() {
      if (phase !== 'running') return [phase === 'starting' ? 'start' : 'draining'];
      const checked = await Promise.all(
        [...conditions].map(async ([name, holds]) => {
          const isSo = await atMost(patienceMs, Promise.resolve().then(holds)).catch(() => false);
          return isSo ? [] : [name];
        }),
      );
      return checked.flat();
    },
  };
}

/** Tells of the state now and of each change, within a second of it. @returns unsubscribe */
export function followReadiness(readiness: Readiness, tell: (ready: boolean) => void): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  void (async () => {
    for (let told: boolean | undefined; !signal.aborted; await pause(1_000, signal)) {
      const ready = (await readiness.missing()).length === 0;
      if (ready !== told && !signal.aborted) tell(ready);
      told = ready;
    }
  })();
  return () => stopping.abort();
}
