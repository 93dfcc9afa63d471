import { expect, it } from 'vitest';
import { askTogether } from './ask-together.ts';

/** Questions as they are asked, each answered by what there is when it is let go. */
function aDatabase() {
  const asked: { question: string; go(): void; fail(): void }[] = [];
  let stored = 0;
  const ask = askTogether((question: string) => {
    const seen = stored;
    return new Promise<number>((resolve, reject) => {
      asked.push({ question, go: () => resolve(seen), fail: () => reject(new Error('away')) });
    });
  });
  const write = () => {
    stored += 1;
  };
  return { ask, asked, write };
}

it('asks once for all who came while the same was asked, with what was written before they came', async () => {
  const { ask, asked, write } = aDatabase();
  const first = ask('a');
  write();
  const others = Array.from({ length: 15 }, () => ask('a'));
  expect(asked).toHaveLength(1);
  asked[0]?.go();
  expect(await first).toBe(0);
  await expect.poll(() => asked.length).toBe(2);
  write();
  const last = ask('a');
  asked[1]?.go();
  expect(await Promise.all(others)).toEqual(others.map(() => 1));
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.go();
  expect(await last).toBe(2);
});

it('asks different questions at once, and each anew once it is answered', async () => {
  const { ask, asked } = aDatabase();
  const both = [ask('a'), ask('b')];
  expect(asked.map(({ question }) => question)).toEqual(['a', 'b']);
  for (const { go } of asked) go();
  await Promise.all(both);
  void ask('a');
  expect(asked).toHaveLength(3);
});

it('asks again for those who waited where the one before fails', async () => {
  const { ask, asked } = aDatabase();
  const first = ask('a');
  const second = ask('a');
  asked[0]?.fail();
  await expect(first).rejects.toThrow('away');
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.go();
  expect(await second).toBe(0);
});
