import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ServiceChoice } from '../backend/compose.ts';
import { readDesktopConfig } from '../backend/config.ts';
import { DeskError } from '../backend/errors.ts';
import type { StackLink } from './docker/docker-stack.ts';
import { type ServiceChooser, serviceChooser } from './service-choice.ts';
import type { Settings } from './settings.ts';

const stackAt = (port: number, apiToken = 'the token of this stack'): StackLink => ({
  grpcAddress: `127.0.0.1:${port}`,
  nsqdAddress: '127.0.0.1:4150',
  apiToken,
});
const away = () => Promise.reject(new DeskError('UNAVAILABLE', 'It does not run.'));

let chooser: ServiceChooser;
let link: () => Promise<StackLink>;
let asked: number;
let found: number;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  found = 0;
});
afterEach(() => {
  chooser.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function choose(first: () => Promise<StackLink>): Promise<Extract<ServiceChoice, { kind: 'remote' }>> {
  link = first;
  const unused = () => {
    throw new Error('not used');
  };
  chooser = serviceChooser({
    config: readDesktopConfig({ TICKET_DESK_PROFILE: 'docker' }),
    settings: { current: {} as Settings },
    tokens: { tokenFor: () => undefined },
    stack: {
      link() {
        asked += 1;
        return link();
      },
    },
    spawn: unused,
    onStackFound() {
      found += 1;
    },
  });
  const choice = await chooser.choose();
  if (choice.kind !== 'remote') throw new Error('not the stack');
  return choice;
}

it('takes the stack as it is found, and asks no more while it is reached', async () => {
  const choice = await choose(async () => stackAt(50_051));
  expect(choice).toMatchObject({ grpcAddress: '127.0.0.1:50051', apiToken: 'the token of this stack' });
  choice.onLink?.('CONNECTED');
  await vi.advanceTimersByTimeAsync(600_000);
  expect([asked, found]).toEqual([1, 0]);
});

it('looks for a stack that is not there until it is', async () => {
  const choice = await choose(away);
  expect(choice.reason?.()).toBe('It does not run.');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(found).toBe(0);
  link = async () => stackAt(50_051);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(found).toBe(1);
});

it.each([
  ['at another port', stackAt(50_052)],
  ['with another token', stackAt(50_051, 'of a stack with new volumes')],
])('finds the stack that was made anew %s, once it is not reached as before', async (_how, anew) => {
  const choice = await choose(async () => stackAt(50_051));
  choice.onLink?.('CONNECTED');
  choice.onLink?.('CONNECTING');
  link = away;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(choice.reason?.()).toBe('It does not run.');
  choice.onLink?.('OFFLINE');
  link = async () => anew;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(found).toBe(1);
});

it('leaves the desk alone when the stack comes back as it was', async () => {
  const choice = await choose(async () => stackAt(50_051));
  choice.onLink?.('OFFLINE');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(choice.reason?.()).toBeNull();
  choice.onLink?.('CONNECTED');
  const before = asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked, found]).toEqual([before, 0]);
});
