import { expect, it } from 'vitest';
import { createEventQueue } from './event-queue.ts';
import type { FeedEvent } from './feed-event.ts';

function deletion(id: number): FeedEvent {
  return { kind: 'DELETED', id, position: { xact: BigInt(id), seq: 1n } };
}
const describe = (event: FeedEvent) => (event.kind === 'DELETED' ? event.id : event.kind);

/** A reader that takes a number of events and then asks to wait. */
function reader(capacity: number) {
  const got: (number | string)[] = [];
  const positions: bigint[] = [];
  let room = capacity;
  const queue = createEventQueue((event) => {
    got.push(describe(event));
    positions.push(event.position.xact);
    room -= 1;
    return room > 0;
  });
  return {
    got,
    positions,
    queue,
    take(more: number) {
      room = more;
      queue.drained();
    },
  };
}

it('keeps what a reader can not take yet, in order, and no heartbeats', () => {
  const { got, queue, take } = reader(2);
  for (const id of [1, 2, 3, 4, 5]) queue.push(deletion(id));
  queue.push({ kind: 'HEARTBEAT', position: { xact: 5n, seq: 1n } });
  expect(got).toEqual([1, 2]);
  take(2);
  expect(got).toEqual([1, 2, 3, 4]);
  take(9);
  queue.push(deletion(6));
  expect(got).toEqual([1, 2, 3, 4, 5, 6]);
});

it('gives up what waits for one RESET when it is too much, and goes on from there', () => {
  const { got, positions, queue, take } = reader(1);
  for (let id = 1; id <= 1_002; id += 1) queue.push(deletion(id));
  queue.push(deletion(1_003));
  take(9);
  expect(got).toEqual([1, 'RESET', 1_003]);
  expect(positions).toEqual([1n, 1_002n, 1_003n]);
});
