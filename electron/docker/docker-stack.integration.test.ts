/** The stack's control against a stand-in for `docker`, for what a whole Docker does not do. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../backend/logger.ts';
import { testFolder } from '../../backend/testing/test-folder.ts';
import type { DockerStatus } from '../../proto/desktop-bridge.ts';
import { dockerAt } from './docker.ts';
import { type DockerStack, dockerStack } from './docker-stack.ts';

interface Answer {
  stdout?: string;
  stderr?: string;
  code?: number;
  hangs?: boolean;
}
type Scenario = Record<string, Answer>;

const fake = join(import.meta.dirname, 'testing', 'fake-docker.cjs');
const logger = createLogger({ name: 'test', level: 'silent' });
const config = {
  stdout: JSON.stringify({
    services: {
      secrets: { build: {} },
      nsqd: { restart: 'unless-stopped' },
      'ticket-service': { build: {}, restart: 'unless-stopped' },
    },
  }),
};

let folder: string;
let told: DockerStatus[];
let stacks: DockerStack[];
beforeEach(async () => {
  folder = testFolder();
  told = [];
  stacks = [];
});
afterEach(async () => {
  await Promise.all(stacks.map((stack) => stack.close()));
});

async function scene(scenario: Scenario): Promise<void> {
  await writeFile(join(folder, 'scenario.json'), JSON.stringify(scenario));
}

function stackOf(options: { file?: string; platform?: NodeJS.Platform } = {}): DockerStack {
  const environment = { PATH: process.env.PATH ?? '', FAKE_DOCKER: folder };
  const stack = dockerStack({
    docker: dockerAt({ file: options.file ?? fake, environment }),
    composeFile: '/where it is/docker-compose.yml',
    platform: options.platform ?? 'linux',
    logger,
    onStatus: (status) => told.push(status),
  });
  stacks.push(stack);
  return stack;
}

const container = (Service: string, State: string, more: object = {}) =>
  `${JSON.stringify({ Service, State, Health: '', ExitCode: 0, ...more })}\n`;
const published = (TargetPort: number, PublishedPort: number) => ({
  Publishers: [{ URL: '127.0.0.1', TargetPort, PublishedPort, Protocol: 'tcp' }],
});
const up = {
  stdout: [
    container('secrets', 'exited'),
    container('nsqd', 'running', { Health: 'healthy', ...published(4150, 41500) }),
    container('ticket-service', 'running', { Health: 'healthy', ...published(50051, 50055) }),
  ].join(''),
};
const asked = async () =>
  (await readFile(join(folder, 'calls.log'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

describe('Docker that can not be used', () => {
  test('because it is not installed', async () => {
    for (const [platform, words] of [
      ['linux', 'Docker Engine'],
      ['darwin', 'Docker Desktop for Mac'],
      ['win32', 'Docker Desktop for Windows'],
    ] as const) {
      const status = await stackOf({ file: join(folder, 'nowhere'), platform }).status();
      expect(status).toMatchObject({ phase: 'unavailable', text: expect.stringContaining('not installed') });
      expect(status.text).toContain(words);
    }
  });

  test.each([
    ['its compose plugin is missing', "docker: 'compose' is not a docker command.", 'compose plugin'],
    ['its compose is too old', 'unknown flag: --progress', 'version 2.21 or later'],
    [
      'its daemon does not run',
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'daemon does not run',
    ],
    [
      'this user may not',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'usermod -aG docker',
    ],
  ])('because %s', async (_name, stderr, words) => {
    await scene({ config, ps: { stderr, code: 1 }, up: { stderr, code: 1 } });
    expect(await stackOf().status()).toMatchObject({
      phase: 'unavailable',
      text: expect.stringContaining(words),
    });
    expect(await stackOf().start()).toMatchObject({ phase: 'unavailable' });
    await expect(stackOf().link()).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });
});

test('a stack that runs, one that was stopped, and one that is not whole', async () => {
  await scene({ config, ps: up });
  expect(await stackOf().status()).toEqual({
    phase: 'running',
    services: [
      { name: 'secrets', state: 'done' },
      { name: 'nsqd', state: 'healthy' },
      { name: 'ticket-service', state: 'healthy' },
    ],
    text: null,
    log: [],
  });
  // Stopped by hand they have all ended, whole or not: that is no failure.
  const stopped = ['secrets', 'nsqd', 'ticket-service'].map((name) => container(name, 'exited'));
  await scene({ config, ps: { stdout: stopped.join('') } });
  expect((await stackOf().status()).phase).toBe('stopped');
  await scene({ config, ps: { stdout: '' } });
  expect((await stackOf().status()).phase).toBe('stopped');
  await scene({ config, ps: { stdout: up.stdout + container('ticket-service', 'restarting') } });
  expect(await stackOf().status()).toMatchObject({
    phase: 'failed',
    services: expect.arrayContaining([{ name: 'ticket-service', state: 'failed' }]),
  });
});

test('the desk is told where the services are and the token, from the stack itself', async () => {
  await scene({ config, ps: up, exec: { stdout: 'the-token-of-the-stack\n' } });
  expect(await stackOf().link()).toEqual({
    grpcAddress: '127.0.0.1:50055',
    nsqdAddress: '127.0.0.1:41500',
    apiToken: 'the-token-of-the-stack',
  });
  const calls = await asked();
  expect(calls).toContainEqual([
    ...['compose', '--file', '/where it is/docker-compose.yml'],
    ...['exec', '-T', 'proxy', 'cat', '/run/secrets/api-token'],
  ]);
});

test('a start tells each step: building, fetching, starting, ready', async () => {
  await scene({
    config,
    ps: { stdout: '' },
    up: { stderr: ' nsqd Pulling \nStep 1/9 : FROM node\n', hangs: true },
  });
  const stack = stackOf();
  const started = stack.start();
  const nowToldIs = (states: string[]) =>
    vi.waitFor(() => expect(told.at(-1)?.services.map(({ state }) => state)).toEqual(states), 10_000);
  await nowToldIs(['building', 'pulling', 'building']);
  await scene({
    config,
    ps: {
      stdout:
        container('secrets', 'created') +
        container('nsqd', 'running', { Health: 'starting' }) +
        container('ticket-service', 'running', { Health: 'healthy' }),
    },
  });
  await nowToldIs(['created', 'starting', 'healthy']);
  // Stopping ends the start that hangs.
  await scene({ config, ps: { stdout: '' }, stop: {} });
  expect(await stack.stop()).toMatchObject({ phase: 'stopped' });
  expect(await started).toMatchObject({ phase: 'stopped' });
  expect(told.map(({ phase }) => phase)).toContain('stopping');
});

test('a service that fails is named, with the last lines of its log at hand', async () => {
  await scene({
    config,
    ps: { stdout: container('nsqd', 'running', { Health: 'unhealthy' }) },
    up: { stderr: 'container nsqd is unhealthy\n', code: 1 },
    logs: { stdout: 'first\ndisk is full\n' },
  });
  const stack = stackOf();
  const failed = {
    phase: 'failed',
    text: expect.stringContaining('The service nsqd does not run'),
    log: ['first', 'disk is full'],
  };
  expect(await stack.start()).toMatchObject(failed);
  expect(await stack.status()).toMatchObject(failed);
});

test('a start that fails before there is a container says why', async () => {
  const why = 'Error response from daemon: Bind for 127.0.0.1:4150 failed: port is already allocated';
  await scene({ config, ps: { stdout: '' }, up: { stderr: `Step 1/9 : FROM node\n${why}\n`, code: 1 } });
  const stack = stackOf();
  const status = await stack.start();
  expect(status).toMatchObject({ phase: 'failed', text: expect.stringContaining(why) });
  expect(status.log).toContain(why);
  // Nothing has changed since: it is still the answer.
  expect(await stack.status()).toEqual(status);
});

test('two starts at once are one', async () => {
  await scene({ config, ps: up, up: {} });
  const stack = stackOf();
  const both = await Promise.all([stack.start(), stack.start()]);
  expect(both.map(({ phase }) => phase)).toEqual(['running', 'running']);
  expect((await asked()).filter((args) => args.includes('up'))).toHaveLength(1);
});

test('an answer that makes no sense is no crash', async () => {
  await scene({ config, ps: { stdout: 'not JSON' } });
  expect(await stackOf().status()).toMatchObject({
    phase: 'unavailable',
    text: expect.stringContaining('does not understand'),
  });
});
