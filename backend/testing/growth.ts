/** How the time of a piece of work grows with its input: held as a ratio, as no time is the same on two machines. */

const rounds = 3;
/** Shorter times say more of the machine than of the work. */
const leastMs = 4;

/**
 * @param work does it once for an input of this size.
 * @returns by how much longer eight times the size takes: about 8 where the time grows with the size, 64 where it
 * grows with its square.
 */
export async function growthOverEight(
  work: (size: number) => unknown,
  { size }: { size: number },
): Promise<number> {
  const times = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  // In turn, so that what else the machine does meets both; of each the round that it disturbed least.
  for (let round = 0; round < rounds; round += 1) {
    times.small = Math.min(times.small, await timed(() => work(size)));
    times.large = Math.min(times.large, await timed(() => work(8 * size)));
  }
  return times.large / Math.max(times.small, leastMs);
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
