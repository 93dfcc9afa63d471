/** The ticket service as a child, on the signals of a terminal, which reach the whole group of processes. */
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { forkTicketService } from '../embedded/fork-ticket-service.ts';
import { problemIn, stopMessage } from '../embedded/service-process.ts';
import { bundleBackend } from '../testing/bundle.ts';
import { testFolder } from '../testing/test-folder.ts';

test('a child ends when its parent says so, and not before: one that ended by itself would be started again', async () => {
  const folder = testFolder();
  const child = forkTicketService(path.join(await bundleBackend(), 'ticket-service.cjs'))({
    // Nobody is there, so that it tells again and again that it waits.
    POSTGRES_URL: 'postgresql://desk@127.0.0.1:1/postgres',
    GRPC_ADDRESS: `unix:${path.join(folder, 'service.sock')}`,
    LOG_LEVEL: 'error',
  });
  onTestFinished(() => child.kill());
  const waits = vi.fn();
  child.onMessage((message) => problemIn(message) !== undefined && waits());
  const exited = vi.fn();
  child.onExit(exited);
  await vi.waitFor(() => expect(waits).toHaveBeenCalled(), { timeout: 30_000 });

  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    const before = waits.mock.calls.length;
    process.kill(child.pid as number, signal);
    await vi.waitFor(() => expect(waits.mock.calls.length).toBeGreaterThan(before), { timeout: 15_000 });
  }
  expect(exited).not.toHaveBeenCalled();
  child.post(stopMessage);
  await vi.waitFor(() => expect(exited).toHaveBeenCalledWith(0), { timeout: 15_000 });
});
