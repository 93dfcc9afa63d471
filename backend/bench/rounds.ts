/**
 * Measuring two things side by side: each round runs every subject once, in an
 * order that turns with the round, so that a noisy minute falls on all alike.
 * What is compared is the ratio within a round; what is reported, the median over rounds.
 */
export interface Subject<Sample extends Record<string, number>> {
  name: string;
  measure(round: number): Promise<Sample>;
}

export type Samples = Record<string, Record<string, number[]>>;

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values to take the median of');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The value below which the given part (0 to 1) of the values lies, by nearest rank. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('no values to take a quantile of');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] as number;
}

/** Runs all subjects in each round; answers name -> figure -> one value a round. */
export async function takeTurns(
  subjects: readonly Subject<Record<string, number>>[],
  options: { rounds: number; onRound?(round: number): void },
): Promise<Samples> {
  const samples: Samples = {};
  for (let round = 0; round < options.rounds; round += 1) {
    options.onRound?.(round);
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(round + turn) % subjects.length] as Subject<Record<string, number>>;
      const figures = await subject.measure(round);
      for (const [figure, value] of Object.entries(figures)) {
        samples[subject.name] = { ...samples[subject.name] };
        const ofSubject = samples[subject.name] as Record<string, number[]>;
        ofSubject[figure] = [...(ofSubject[figure] ?? []), value];
      }
    }
  }
  return samples;
}

/** Median over rounds of (this / other) for one figure. */
export function medianRatio(samples: Samples, figure: string, name: string, baseline: string): number {
  const own = samples[name]?.[figure];
  const base = samples[baseline]?.[figure];
  if (!own || !base || own.length !== base.length)
    throw new RangeError(`no rounds of ${figure} for both ${name} and ${baseline}`);
  return median(own.map((value, round) => value / (base[round] as number)));
}
