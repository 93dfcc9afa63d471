import { expect, it } from 'vitest';
import { inBatches } from './in-batches.ts';

/** Doubles numbers, each batch once it is let go; one with a 13 fails. */
function doubling(maxSize: number) {
  const batches: number[][] = [];
  const lets: (() => void)[] = [];
  const double = inBatches(
    async (items: number[]) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => lets.push(resolve));
      if (items.includes(13)) throw new Error('unlucky');
      return items.map((item) => item * 2);
    },
    { maxSize },
  );
  const letGo = async () => {
    for (let turn = 0; turn < 10 && lets.length === 0; turn += 1) await Promise.resolve();
    lets.shift()?.();
  };
  return { double, batches, letGo };
}

it('lets calls that come while one is under way share the next, and none of more than its size', async () => {
  const { double, batches, letGo } = doubling(2);
  const first = double(1);
  await Promise.resolve();
  const others = [2, 3, 4].map(double);
  for (let batch = 0; batch < 3; batch += 1) await letGo();
  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1], [2, 3], [4]]);
});

it('fails those of a failed batch, and goes on with the next', async () => {
  const { double, letGo } = doubling(2);
  const calls = [double(13), double(1), double(5)];
  const settled = Promise.allSettled(calls);
  for (let batch = 0; batch < 2; batch += 1) await letGo();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});
