/** A test service as a process of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tiedToParent } from '../../build/child.ts';
import { sessionEnvironment } from '../config.ts';
import { type ServicePlan, type TestService, untilReady } from './test-service.ts';

const keptOutputCharacters = 10_000;

/** Resolves once it serves. @throws Error with its output when it does not. */
export async function startServiceProcess(program: string, plan: ServicePlan): Promise<TestService> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ticket-desk-service-'));
  let child: ChildProcess | undefined;
  let output = '';

  async function start(): Promise<void> {
    const args = plan.args({ dataDir, host: '127.0.0.1', testHost: '127.0.0.1' });
    const started = spawn(...tiedToParent(program, args), {
      env: { ...sessionEnvironment(), ...plan.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    started.once('error', (error) => {
      output += error.message;
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-keptOutputCharacters);
      });
    }
    const hasEnded = async () => started.exitCode !== null || started.signalCode !== null || !started.pid;
    await untilReady(plan, { hasEnded, output: async () => output });
  }

  async function kill(): Promise<void> {
    const victim = child;
    child = undefined;
    if (!victim?.pid || victim.exitCode !== null || victim.signalCode !== null) return;
    const exited = once(victim, 'exit');
    victim.kill('SIGKILL');
    await exited;
  }

  async function stop(): Promise<void> {
    await kill();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    for (const [name, content] of Object.entries(plan.files ?? {})) {
      await writeFile(path.join(dataDir, name), content);
    }
    await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    peerHost: '127.0.0.1',
    kill,
    start,
    stop,
    freeze: async () => void child?.kill('SIGSTOP'),
    thaw: async () => void child?.kill('SIGCONT'),
  };
}
