/** The profile on Docker in the real window: what is said where Docker fails, by a stand-in, and one real stack. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { wayOf } from '../../backend/testing/service-choice.ts';
import { findDocker } from '../docker/docker.ts';
import {
  freshFolder,
  launchConnectedDesk,
  openSettings,
  type RunningDesk,
  repository,
  startedFolder,
} from './harness.ts';
import { lookAt } from './looks.ts';

const run = promisify(execFile);
const fakeDocker = join(repository, 'electron', 'docker', 'testing', 'fake-docker.cjs');

/** A program in the place of `docker` that knows these variables: the app passes on none that it does not name. */
async function dockerWith(env: Record<string, string>, program: string): Promise<string> {
  const file = join(await freshFolder(), 'docker');
  const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
  await writeFile(file, ['#!/bin/sh', ...exports, `exec '${program}' "$@"`, ''].join('\n'), { mode: 0o755 });
  return file;
}

async function chooseDocker({ page }: RunningDesk): Promise<void> {
  await openSettings({ page });
  await page.getByLabel('Docker on this computer', { exact: true }).check();
}

const phase = ({ page }: RunningDesk, name: string) => page.locator(`[data-docker="${name}"]`);

test('without Docker the window says what to install', async () => {
  const desk = await launchConnectedDesk({ env: { DOCKER_PATH: '/nowhere/docker' } });
  await chooseDocker(desk);
  await phase(desk, 'unavailable').waitFor();
  await desk.page.getByText('Install Docker Engine with its compose plugin').waitFor();
  await lookAt(desk, 'settings-docker-missing');
});

test('a start shows each service, and a service that fails its log', async () => {
  const folder = await freshFolder();
  const scene = (scenario: object) => writeFile(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const container = (Service: string, Health: string) =>
    JSON.stringify({ Service, State: 'running', Health });
  const names = ['postgres', 'redis', 'nsqd', 'ticket-service', 'proxy'];
  const services = Object.fromEntries(names.map((name) => [name, { restart: 'unless-stopped', build: {} }]));
  const config = { stdout: JSON.stringify({ services }) };
  await scene({
    config,
    ps: { stdout: '' },
    up: { stderr: 'Step 1/9 : FROM node\n', hangs: true },
    stop: {},
  });
  const desk = await launchConnectedDesk({
    env: { DOCKER_PATH: await dockerWith({ FAKE_DOCKER: folder }, fakeDocker) },
  });
  const { page } = desk;
  await chooseDocker(desk);
  await phase(desk, 'stopped').waitFor();
  await lookAt(desk, 'settings-docker-stopped');

  await page.getByRole('button', { name: 'Start and connect' }).click();
  await page.getByText('image is built').first().waitFor();
  const ps = [container('postgres', 'healthy'), container('redis', 'healthy'), container('nsqd', 'starting')];
  await scene({ config, ps: { stdout: ps.join('\n') }, stop: {} });
  await page.getByText('2 of 5 ready', { exact: true }).waitFor();
  await lookAt(desk, 'settings-docker-starting');
  await page.getByRole('button', { name: 'Stop the stack' }).click();
  await phase(desk, 'starting').waitFor({ state: 'detached' });

  const failed = [...ps.slice(0, 2), container('nsqd', 'unhealthy')].join('\n');
  await scene({
    config,
    ps: { stdout: failed },
    up: { stderr: 'container nsqd is unhealthy\n', code: 1 },
    logs: { stdout: 'INFO: nsqd v1.3.0\nFATAL: failed to lock data-path: disk is full\n' },
  });
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByRole('button', { name: 'Start and connect' }).click();
  await page.getByText('disk is full').waitFor();
  await lookAt(desk, 'settings-docker-failed');
  // Nothing was switched.
  expect((await desk.graphql('{ link { service } }')).data).toEqual({ link: { service: 'this computer' } });
});

async function whyNoStack(): Promise<string | null> {
  if (process.platform !== 'linux') return 'the images are tried on Linux alone';
  if ((await wayOf('nsqd')).kind !== 'container')
    return 'no Docker engine answers, or TEST_SERVICES keeps to processes';
  return run('docker', ['compose', 'version']).then(
    () => null,
    () => 'docker has no compose plugin',
  );
}
const noStack = await whyNoStack();

test.skipIf(noStack)(
  `the stack is started from the window, takes tickets, and is stopped there${noStack ? ` (${noStack})` : ''}`,
  { timeout: 600_000 },
  async () => {
    const project = `desk-e2e-${process.pid}`;
    const env = {
      COMPOSE_PROJECT_NAME: project,
      NSQD_TCP_PORT: '0',
      NSQADMIN_PORT: '0',
      GRPC_PORTS: '0',
      WEB_PORT: '0',
    };
    const composeFile = join(repository, 'out', 'docker', 'docker-compose.yml');
    onTestFinished(async () => {
      const down = ['down', '--volumes', '--rmi', 'local', '--timeout', '2'];
      await run('docker', ['compose', '--file', composeFile, ...down], { env: { ...process.env, ...env } });
    });
    const userData = await startedFolder();
    const DOCKER_PATH = await dockerWith(env, findDocker(process.platform, process.env.PATH ?? ''));
    const desk = await launchConnectedDesk({ userData, env: { DOCKER_PATH } });
    const { page } = desk;
    await chooseDocker(desk);
    await page.getByRole('button', { name: 'Start and connect' }).click();
    await page.getByText(/^\d of \d+ ready/).waitFor();
    await page.getByText('Saved. Tickets are kept by Docker on this computer.').waitFor({ timeout: 500_000 });
    await lookAt(desk, 'settings-docker-running');

    await desk.graphql(
      'mutation { createTicket(input: { title: "In a container", description: "", name: "Ada" }) { state } }',
    );
    const stored = async ({ graphql }: RunningDesk) =>
      (await graphql('{ link { service state } tickets { title } outbox { waiting } }')).data;
    const expected = {
      link: { service: 'Docker on this computer', state: 'CONNECTED' },
      tickets: [{ title: 'In a container' }],
      outbox: { waiting: 0 },
    };
    await expect.poll(() => stored(desk), { timeout: 30_000 }).toEqual(expected);

    // It goes on when the app is closed, and is found again.
    await desk.close();
    const again = await launchConnectedDesk({ userData, env: { DOCKER_PATH } });
    await expect.poll(() => stored(again), { timeout: 30_000 }).toEqual(expected);
    await openSettings(again);
    await phase(again, 'running').waitFor();
    await again.page.getByRole('button', { name: 'Stop the stack' }).click();
    await phase(again, 'stopped').waitFor({ timeout: 60_000 });
    await again.page.getByText(/^offline/).waitFor({ timeout: 30_000 });
  },
);
