/** Where what was missed meets what happens meanwhile; the order in which they come is forced here. */
import { afterEach, expect, it } from 'vitest';
import { createListeners } from '../../../proto/listeners.ts';
import { createLogger } from '../../logger.ts';
import type { ChangeLog, FeedPosition, TicketChange } from '../store/ticket-store.ts';
import { type ChangeFeed, startChangeFeed } from './change-feed.ts';
import { isAfter } from './feed-event.ts';

const feedId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';
const at = (xact: number): FeedPosition => ({ xact: BigInt(xact), seq: 1n });

/** Deletions by number; a read from `heldFrom` has read, and does not answer before release(). */
function changeLog() {
  const all: TicketChange[] = [];
  const changed = createListeners<void>();
  let heldFrom: bigint | undefined;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log: ChangeLog = {
    feedId: () => feedId,
    now: async () => all.at(-1)?.position ?? at(0),
    async read(after, limit) {
      const changes = all.filter(({ position }) => isAfter(position, after)).slice(0, limit);
      if (after.xact === heldFrom) await released;
      return { changes, heldBack: false, lost: false };
    },
    onChange: changed.add,
  };
  return {
    log,
    release,
    hold(xact: number) {
      heldFrom = BigInt(xact);
    },
    add(number: number) {
      all.push({ position: at(number), id: number, kind: 'DELETED', version: 2, ticket: undefined });
      changed.emit();
    },
  };
}

/** What a watcher was told, and how to wait until it was told so many things. */
function watcher() {
  const told: (number | string)[] = [];
  let check = () => {};
  return {
    told,
    reaches: (count: number) =>
      new Promise<void>((resolve) => {
        check = () => told.length >= count && resolve();
        check();
      }),
    tell(event: Parameters<Parameters<ChangeFeed['watch']>[1]['tell']>[0]) {
      if (event.kind !== 'HEARTBEAT') told.push(event.kind === 'DELETED' ? event.id : event.kind);
      check();
    },
    end() {
      told.push('END');
      check();
    },
  };
}

let feed: ChangeFeed | undefined;
afterEach(() => feed?.stop());

async function startFeed(log: ChangeLog): Promise<ChangeFeed> {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const cache = { drop: async () => true, distrust() {} };
  feed = await startChangeFeed({
    changes: log,
    presence: { onTold: () => () => {} },
    cache,
    logger,
    onHealth: () => {},
  });
  return feed;
}

it('tells what happened while the missed was read after it, and what both hold once', async () => {
  const { log, add, hold, release } = changeLog();
  for (const number of [1, 2, 3]) add(number);
  const started = await startFeed(log);
  hold(1);
  const late = watcher();
  started.watch(started.token(at(1)), late);
  const live = watcher();
  started.watch('', live);
  for (const number of [4, 5]) add(number);
  await live.reaches(2);
  expect(late.told).toEqual([]);
  release();
  await late.reaches(4);
  expect(late.told).toEqual([2, 3, 4, 5]);
  add(6);
  await late.reaches(5);
  expect(late.told).toEqual([2, 3, 4, 5, 6]);
});

it('says RESET to who missed more than 1,000 changes, and goes on from there', async () => {
  const { log, add } = changeLog();
  for (let number = 1; number <= 1_001; number += 1) add(number);
  const started = await startFeed(log);
  const late = watcher();
  started.watch(started.token(at(1)), late);
  await late.reaches(1);
  add(1_002);
  await late.reaches(2);
  expect(late.told).toEqual(['RESET', 1_002]);
});

it('tells a watcher nothing once it has stopped, and the others that the feed ends', async () => {
  const { log, add } = changeLog();
  const started = await startFeed(log);
  const [gone, stays] = [watcher(), watcher()];
  const watch = started.watch('', gone);
  started.watch('', stays);
  watch.stop();
  add(1);
  await stays.reaches(1);
  await started.stop();
  expect(gone.told).toEqual([]);
  expect(stays.told).toEqual([1, 'END']);
});
