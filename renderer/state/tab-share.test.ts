import { Subject, type Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { linkEvent } from '../testing/link-event.ts';
import type { LiveEvent } from './live-feed.ts';
import { sharedByTabs } from './tab-share.ts';

const link = (state: 'CONNECTED' | 'OFFLINE') =>
  linkEvent({ state, service: 'this computer', serviceVersion: null });
const ticket: LiveEvent = { kind: 'ticket', change: { kind: 'RESET', id: null, ticket: null } };

/** Node has channels as browsers do, but no locks: these behave as a browser's for one name. */
function lockManager(): Pick<LockManager, 'request'> {
  let held = false;
  const waiting: (() => void)[] = [];
  const hold = async (callback: (lock: Lock | null) => unknown) => {
    held = true;
    try {
      return await callback({ name: 'lock', mode: 'exclusive' } as Lock);
    } finally {
      held = false;
      waiting.shift()?.();
    }
  };
  const request = async (_name: string, options: LockOptions, callback: (lock: Lock | null) => unknown) => {
    if (held && options.ifAvailable) return callback(null);
    while (held) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        options.signal?.addEventListener('abort', () => {
          waiting.splice(waiting.indexOf(resolve), 1);
          reject(options.signal?.reason);
        });
      });
    }
    return hold(callback);
  };
  return { request } as Pick<LockManager, 'request'>;
}

function browser(locks = lockManager()) {
  const name = `tabs-${Math.random()}`;
  const streams: Subject<LiveEvent>[] = [];
  const source = sharedByTabs(
    () => {
      const stream = new Subject<LiveEvent>();
      streams.push(stream);
      return stream;
    },
    { locks, channel: () => new BroadcastChannel(name) },
  );
  const openTab = () => {
    const heard: LiveEvent[] = [];
    const errors: unknown[] = [];
    const tab: Subscription = source().subscribe({
      next: (event) => heard.push(event),
      error: (error) => errors.push(error),
    });
    return { heard, errors, close: () => tab.unsubscribe() };
  };
  return { openTab, streams };
}

describe('tabs of one browser', () => {
  it('open one stream and all hear it, one that came later too', async () => {
    const { openTab, streams } = browser();
    const first = openTab();
    await expect.poll(() => streams.length).toBe(1);
    streams[0]?.next(link('CONNECTED'));
    const second = openTab();
    await expect.poll(() => second.heard).toEqual([link('CONNECTED')]);
    streams[0]?.next(ticket);
    await expect.poll(() => second.heard).toEqual([link('CONNECTED'), ticket]);
    expect(first.heard).toEqual([link('CONNECTED'), ticket]);
    expect(streams).toHaveLength(1);
    first.close();
    second.close();
  });

  it('go on when the one that read the stream is closed, and know that they may have missed something', async () => {
    const { openTab, streams } = browser();
    const first = openTab();
    await expect.poll(() => streams.length).toBe(1);
    const second = openTab();
    const third = openTab();
    await expect.poll(() => streams[0]?.observed).toBe(true);
    first.close();
    await expect.poll(() => streams.length).toBe(2);
    expect(streams[0]?.observed).toBe(false);
    streams[1]?.next(link('CONNECTED'));
    await expect.poll(() => third.heard).toEqual([link('CONNECTED'), { kind: 'gap' }]);
    expect(second.heard).toEqual([link('CONNECTED'), { kind: 'gap' }]);
    second.close();
    third.close();
  });

  it('read everything anew when the stream fails: the next in line leads, the others are told', async () => {
    const { openTab, streams } = browser();
    const first = openTab();
    await expect.poll(() => streams.length).toBe(1);
    const second = openTab();
    streams[0]?.next(link('CONNECTED'));
    await expect.poll(() => second.heard.length).toBeGreaterThan(0);
    streams[0]?.error(new Error('cut'));
    expect(first.errors).toHaveLength(1);
    await expect.poll(() => streams.length).toBe(2);
    streams[1]?.next(link('CONNECTED'));
    expect(second.heard.at(-1)).toEqual({ kind: 'gap' });
    second.close();
  });

  it('have a stream each where the browser refuses locks', async () => {
    const { openTab, streams } = browser({ request: () => Promise.reject(new Error('denied')) });
    const tabs = [openTab(), openTab()];
    await expect.poll(() => streams.length).toBe(2);
    for (const stream of streams) stream.next(ticket);
    for (const tab of tabs) {
      expect(tab.heard).toEqual([ticket]);
      tab.close();
    }
  });
});
