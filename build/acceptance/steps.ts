/** For tests whose steps stand on one another, and wait for what comes by itself. */
import { beforeEach } from 'vitest';

/** What follows a failure has nothing to stand on: it is left out. */
export function leaveOutAfterFailure(): void {
  beforeEach(({ task, skip }) => {
    const steps = task.suite?.tasks ?? task.file.tasks;
    if (steps.some(({ result }) => result?.state === 'fail')) skip('a step before it failed');
  });
}

/** Asks until there is an answer that is not null: services come back by themselves, and nothing tells when. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null>,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = 'no answer';
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (thrown) {
      last = thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `${what} did not come within ${timeoutMs / 1000} s: ${last instanceof Error ? last.message : last}`,
  );
}
