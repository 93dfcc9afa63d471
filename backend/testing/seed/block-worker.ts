/** The thread that makes the blocks of a seed, one for each message, in their order. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeRows } from './copy.ts';
import type { SeedPlan } from './plan.ts';
import { makeBlock } from './rows.ts';

const plan: SeedPlan = workerData;
let number = 0;
let comments = 0;

parentPort?.on('message', () => {
  const block = makeBlock(plan, number, comments);
  number += 1;
  comments += block.comments.length;
  parentPort?.postMessage({
    tickets: encodeRows(block.tickets),
    comments: encodeRows(block.comments),
    ticket_history: encodeRows(block.ticket_history),
  });
});
