import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../backend/logger.ts';
import type { UpdateStatus } from '../../proto/desktop-bridge.ts';
import type { UpdateEngine } from './engine.ts';
import type { Offer } from './feed.ts';
import { Updates, type UpdatesOptions } from './updates.ts';

const feed = { feed: { configFile: '/app-update.yml', url: 'https://updates.example.org/' } };
const newer: Offer = {
  version: '2.0.0',
  isNewer: true,
  isOfOwnKind: true,
  files: ['https://updates.example.org/desk-2.0.0.AppImage', 'https://updates.example.org/desk-2.0.0.deb'],
};
const broken = new Error('net::ERR_CONNECTION_RESET');
const tampered = Object.assign(new Error('sha512 checksum mismatch'), { code: 'ERR_CHECKSUM_MISMATCH' });

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-24T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

function open(changed: Partial<UpdatesOptions> = {}) {
  const engine = {
    look: vi.fn<UpdateEngine['look']>(async () => newer),
    fetch: vi.fn<UpdateEngine['fetch']>(async () => {}),
    install: vi.fn(() => true),
  };
  const shown: UpdateStatus[] = [];
  const loadEngine = vi.fn(async () => engine);
  const state: { policy: 'on' | 'off'; lastLook: string | undefined } = { policy: 'on', lastLook: undefined };
  const updates = new Updates({
    appVersion: '1.0.0',
    feed,
    installation: { kind: 'itself' },
    policy: () => state.policy,
    lastLook: () => state.lastLook,
    keepLook: async (at) => {
      state.lastLook = at;
    },
    loadEngine,
    onStatus: (status) => void shown.push(status),
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...changed,
  });
  return { updates, engine, shown, loadEngine, state };
}

test('a newer version is fetched with its progress, and installed by nobody but the one who leaves', async () => {
  const { updates, engine, shown } = open();
  engine.fetch.mockImplementation(async (onPercent) => onPercent(41.7));
  await updates.look();
  await vi.waitFor(() => expect(updates.status().phase).toBe('ready'));
  expect(shown.map(({ phase, percent }) => [phase, percent])).toEqual([
    ['looking', null],
    ['fetching', 0],
    ['fetching', 41],
    ['ready', null],
  ]);
  expect(updates.isReady()).toBe(true);
  expect(engine.install).not.toHaveBeenCalled();
  await updates.look();
  expect(engine.look).toHaveBeenCalledTimes(1);
});

test('it is looked once a day, and the engine is loaded no sooner', async () => {
  const { updates, engine, loadEngine } = open();
  engine.look.mockResolvedValue({ ...newer, version: '1.0.0', isNewer: false });
  updates.followSchedule();
  await vi.advanceTimersByTimeAsync(29_000);
  expect(loadEngine).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(23 * 3_600_000);
  expect(engine.look).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(engine.look).toHaveBeenCalledTimes(2);
  updates.close();
  await vi.advanceTimersByTimeAsync(72 * 3_600_000);
  expect(engine.look).toHaveBeenCalledTimes(2);
});

test('an older version is refused, with words', async () => {
  const { updates, engine } = open();
  engine.look.mockResolvedValue({ ...newer, version: '0.9.0', isNewer: false });
  expect(await updates.look()).toMatchObject({
    phase: 'newest',
    text: expect.stringContaining('0.9.0, is older'),
  });
  expect(engine.fetch).not.toHaveBeenCalled();
});

test('what was published without a package of this kind is not fetched', async () => {
  const { updates, engine } = open();
  engine.look.mockResolvedValue({ ...newer, isOfOwnKind: false });
  expect(await updates.look()).toMatchObject({
    phase: 'failed',
    text: expect.stringContaining('without a package of this kind'),
  });
  expect(engine.fetch).not.toHaveBeenCalled();
});

test('a broken connection is begun again by itself; a tampered file is not', async () => {
  const { updates, engine } = open();
  engine.fetch.mockRejectedValueOnce(broken);
  await updates.look();
  await vi.waitFor(() =>
    expect(updates.status()).toMatchObject({
      phase: 'failed',
      text: expect.stringContaining('tried again by itself'),
    }),
  );
  await vi.advanceTimersByTimeAsync(15_000);
  expect(updates.status().phase).toBe('ready');

  const second = open();
  second.engine.fetch.mockRejectedValue(tampered);
  await second.updates.look();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(second.updates.status()).toMatchObject({
    phase: 'failed',
    text: expect.stringContaining('refused and deleted'),
  });
  expect(second.engine.fetch).toHaveBeenCalledTimes(1);
  expect(second.updates.isReady()).toBe(false);
});

test('what cannot replace itself fetches nothing and says where its package is', async () => {
  const { updates, engine } = open({ installation: { kind: 'by-hand', packageType: 'deb' } });
  expect(await updates.look()).toMatchObject({
    phase: 'by-hand',
    version: '2.0.0',
    page: 'https://updates.example.org/desk-2.0.0.deb',
    text: expect.stringContaining('sudo apt install'),
  });
  expect(engine.fetch).not.toHaveBeenCalled();
});

test('off is off: nothing is looked for, nor installed that was fetched before', async () => {
  const { updates, loadEngine, state } = open();
  await updates.look();
  await vi.waitFor(() => expect(updates.isReady()).toBe(true));
  state.policy = 'off';
  expect(updates.policyChanged().phase).toBe('off');
  expect(updates.isReady()).toBe(false);
  state.policy = 'on';
  expect(updates.policyChanged().phase).toBe('ready');

  const second = open();
  second.state.policy = 'off';
  second.updates.followSchedule();
  expect(await second.updates.look()).toMatchObject({ phase: 'idle' });
  await vi.advanceTimersByTimeAsync(48 * 3_600_000);
  expect(second.loadEngine).not.toHaveBeenCalled();
  expect(loadEngine).toHaveBeenCalledTimes(1);
});

test('a build without a feed asks nobody', async () => {
  const { updates, loadEngine } = open({ feed: { problem: 'Updates are not configured in this build.' } });
  expect(await updates.look()).toMatchObject({ phase: 'not-configured' });
  expect(loadEngine).not.toHaveBeenCalled();
});
