/** How the work for an input grows with its size: held as a ratio, as no time is the same on two machines. */

const mostRounds = 8;
/** What is nearer than this to the eightfold needs no further round. */
const goodRatio = 16;
/** Shorter times say more of the machine than of the work. */
const leastMs = 4;

/**
 * @param work does it once for an input of this size.
 * @returns by how much longer this process computes for eight times the size: about 8 where the time grows with the
 * size, 64 where it grows with its square.
 */
export async function growthOverEight(
  work: (size: number) => unknown,
  { size }: { size: number },
): Promise<number> {
  let ratio = Number.POSITIVE_INFINITY;
  const least = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  // Of each size the round that the machine disturbed least.
  for (let round = 0; round < mostRounds && ratio > goodRatio; round += 1) {
    least.small = Math.min(least.small, await computedMs(() => work(size)));
    least.large = Math.min(least.large, await computedMs(() => work(8 * size)));
    ratio = least.large / Math.max(least.small, leastMs);
  }
  return ratio;
}

/** The processor's time and not the clock's: what other processes do is not in it. */
async function computedMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
