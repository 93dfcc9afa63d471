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
