import { describe, expect, it } from 'vitest';
import { median, medianRatio, quantile, takeTurns } from './rounds.ts';

describe('taking rounds in turn', () => {
  it('runs every subject once a round and turns their order', async () => {
    const order: string[] = [];
    const subject = (name: string) => ({
      name,
      measure: async (round: number) => {
        order.push(`${round}${name}`);
        return { ms: round + 1 };
      },
    });
    const samples = await takeTurns([subject('a'), subject('b')], { rounds: 2 });
    expect(order).toEqual(['0a', '0b', '1b', '1a']);
    expect(samples).toEqual({ a: { ms: [1, 2] }, b: { ms: [1, 2] } });
  });

  it('compares within a round, so that a slow round falls on both', () => {
    const samples = { ours: { ms: [10, 100, 12] }, bare: { ms: [5, 50, 6] } };
    const of = (name: string, figure: string) => ({ name, figure });
    expect(medianRatio(samples, of('ours', 'ms'), of('bare', 'ms'))).toBe(2);
    expect(() => medianRatio(samples, of('ours', 'rps'), of('bare', 'ms'))).toThrow(/rps/);
  });

  it('takes medians and quantiles by rank', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10);
    expect(() => median([])).toThrow(RangeError);
  });
});
