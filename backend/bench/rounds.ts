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

interface FigureOf {
  figure: string;
  name: string;
}

/** Median over rounds of (this / other). */
export function medianRatio(samples: Samples, subject: FigureOf, baseline: FigureOf): number {
  const own = samples[subject.name]?.[subject.figure];
  const base = samples[baseline.name]?.[baseline.figure];
  if (!own || !base || own.length !== base.length) {
    throw new RangeError(`no rounds of ${subject.figure} for both ${subject.name} and ${baseline.name}`);
  }
  return median(own.map((value, round) => value / (base[round] as number)));
}
