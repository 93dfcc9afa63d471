/** The blocks of a seed as COPY takes them, made in a thread of their own while Postgres writes the one before. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CopyText } from './copy.ts';
import type { SeedPlan } from './plan.ts';
import { type Block, blockCount } from './rows.ts';

/** A thread reads TypeScript only once it is told how, as build/run.mjs tells the first one. */
const start = `import('tsx/esm/api').then(({ register }) => {
  register();
  return import(${JSON.stringify(new URL('./block-worker.ts', import.meta.url).href)});
})`;

export type EncodedBlock = Record<keyof Block, CopyText>;

export async function* blocksOf(plan: SeedPlan): AsyncGenerator<EncodedBlock> {
  const worker = new Worker(start, { eval: true, workerData: plan });
  const ask = async () => {
    worker.postMessage('next');
    const [block] = await once(worker, 'message');
    return block;
  };
  try {
    let next = ask();
    for (let left = blockCount(plan); left > 0; left -= 1) {
      const block = await next;
      if (left > 1) next = ask();
      yield block;
    }
  } finally {
    await worker.terminate();
  }
}
