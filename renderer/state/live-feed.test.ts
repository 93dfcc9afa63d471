import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkEvent } from '../testing/link-event.ts';
import { followLive, type LinkInfo, type LiveEvent } from './live-feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const connected = linkEvent({ service: 'this computer', serviceVersion: null });

/** A server whose stream can be cut; `streams` holds each one that was opened. */
function server() {
  const streams: Subject<LiveEvent>[] = [];
  const links: LinkInfo[] = [];
  const missed = vi.fn();
  const source = () => {
    const stream = new Subject<LiveEvent>();
    streams.push(stream);
    return stream;
  };
  const stop = followLive(source, {
    onTicket: vi.fn(),
    onOutbox: vi.fn(),
    onWrite: vi.fn(),
    onPresence: vi.fn(),
    onLink: (link) => links.push(link),
    onMissed: missed,
  });
  return { stop, streams, links, missed };
}

describe('the live feed', () => {
  it('comes back by itself, says so, and says that something was missed', () => {
    const { streams, links, missed } = server();
    streams[0]?.next(connected);
    expect(missed).not.toHaveBeenCalled();
    streams[0]?.error(new Error('cut'));
    expect(links.at(-1)).toMatchObject({ state: 'OFFLINE', reachable: false });
    vi.advanceTimersByTime(250);
    streams[1]?.next(connected);
    expect(links.at(-1)).toMatchObject({ state: 'CONNECTED', reachable: true });
    expect(missed).toHaveBeenCalledTimes(1);
  });

  it('takes an end of the stream for a loss, too', () => {
    const { streams, links } = server();
    streams[0]?.complete();
    expect(links.at(-1)?.reachable).toBe(false);
    vi.advanceTimersByTime(250);
    expect(streams).toHaveLength(2);
  });

  it('tries less and less often while nobody answers, and remembers since when', () => {
    const { streams, links } = server();
    vi.setSystemTime(1_000_000);
    for (let at = 0; at < 60; at += 1) {
      streams.at(-1)?.error(new Error('cut'));
      vi.advanceTimersByTime(1_000);
    }
    expect(streams.length).toBeLessThan(20);
    expect(new Set(links.map(({ since }) => since)).size).toBe(1);
  });

  it('hands on what a tab that took over may have missed', () => {
    const { streams, missed } = server();
    streams[0]?.next({ kind: 'gap' });
    expect(missed).toHaveBeenCalledTimes(1);
  });

  it('tries no more once it is stopped', () => {
    const { stop, streams } = server();
    streams[0]?.error(new Error('cut'));
    stop();
    vi.advanceTimersByTime(60_000);
    expect(streams).toHaveLength(1);
  });
});
