/** The thread that makes the blocks of a seed, one for each message, in their order. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeRows } from './copy.ts';
import type { SeedPlan } from './plan.ts';
import { makeBlock, type Row } from './rows.ts';

const plan: SeedPlan = workerData;
let number = 0;
let comments = 0;

parentPort?.on('message', () => {
  const block = makeBlock(plan, number, comments);
  number += 1;
  comments += block.comments.length;
  const commented = new Set(block.comments.map((comment) => comment.ticket_id));
  // What is said can't be seen from beside before it is committed; and the halves should take as long as one another.
  const isBeside = ({ id }: Row) => !commented.has(id as number) && Number(id) % 5 > 0;
  parentPort?.postMessage({
    comments: encodeRows(block.comments),
    tickets: encodeRows(block.tickets.filter((ticket) => !isBeside(ticket))),
    besides: encodeRows(block.tickets.filter(isBeside)),
    ticket_history: encodeRows(block.ticket_history),
  });
});
