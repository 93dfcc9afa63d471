import { expect, test, vi } from 'vitest';
import type { DeskBackend } from '../backend/compose.ts';
import { DeskError } from '../backend/errors.ts';
import { createLogger } from '../backend/logger.ts';
import { openBackend } from './backend.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const request = () => new Request('app://desk/graphql', { method: 'POST', body: '{}' });

function backendAnswering(text: string) {
  return {
    handle: vi.fn(async () => new Response(text)),
    outbox: { waiting: () => ({ waiting: 0, failed: 0 }), onChange: () => () => {} },
    retryNow: vi.fn(),
    forgetKept: vi.fn(async () => {}),
    forgetTickets: vi.fn(async () => {}),
    admitBy() {},
    endSubscriptions: () => {},
    stop: vi.fn(async () => {}),
  } satisfies DeskBackend;
}

/** A backend whose start the test decides on. */
function pendingStart() {
  let open: (backend: DeskBackend) => void = () => {};
  const started = new Promise<DeskBackend>((resolve) => {
    open = resolve;
  });
  return { started, open };
}

test('a request that comes early waits for the backend', async () => {
  const { started, open } = pendingStart();
  const desk = openBackend(() => started, logger);
  const answer = desk.handle(request());
  open(backendAnswering('from the backend'));
  expect(await (await answer).text()).toBe('from the backend');
  expect(await desk.problem()).toBeNull();
});

test('a backend that can not be opened is told as the problem, and requests answer UNAVAILABLE', async () => {
  const text = 'The data folder is of a newer version.';
  const desk = openBackend(() => Promise.reject(new DeskError('BAD_USER_INPUT', text)), logger);
  expect(await desk.problem()).toBe(text);
  const response = await desk.handle(request());
  expect(await response.json()).toEqual({ errors: [{ message: text, extensions: { code: 'UNAVAILABLE' } }] });
});

test('the text of an unforeseen failure stays inside', async () => {
  const desk = openBackend(() => Promise.reject(new Error('secret detail')), logger);
  expect(await desk.problem()).not.toContain('secret detail');
});

test('a listener that throws costs nobody the backend, which is stopped in its time', async () => {
  const { started, open } = pendingStart();
  const backend = backendAnswering('from the backend');
  const desk = openBackend(() => started, logger);
  desk.onUnsent(() => {
    throw new TypeError('Object has been destroyed');
  });
  open(backend);
  expect(await (await desk.handle(request())).text()).toBe('from the backend');
  await desk.stop();
  expect(backend.stop).toHaveBeenCalledOnce();
});

test('a backend that throws is answered as INTERNAL', async () => {
  const backend = backendAnswering('');
  backend.handle.mockRejectedValue(new Error('secret detail'));
  const response = await openBackend(async () => backend, logger).handle(request());
  const body = await response.text();
  expect(body).toContain('INTERNAL');
  expect(body).not.toContain('secret detail');
});

test('reopening stops the old backend before the new one starts, and requests meanwhile wait', async () => {
  const first = backendAnswering('first');
  const { started, open } = pendingStart();
  const compose = vi
    .fn<() => Promise<DeskBackend>>()
    .mockResolvedValueOnce(first)
    .mockReturnValueOnce(started);
  const desk = openBackend(compose, logger);
  await desk.problem();

  const reopened = desk.reopen();
  const answer = desk.handle(request());
  await vi.waitFor(() => expect(compose).toHaveBeenCalledTimes(2));
  expect(first.stop.mock.invocationCallOrder[0]).toBeLessThan(compose.mock.invocationCallOrder[1] ?? 0);
  open(backendAnswering('second'));
  await reopened;
  expect(await (await answer).text()).toBe('second');
});

test('stopping waits for a start that is under way, stops it once, and answers later requests', async () => {
  const { started, open } = pendingStart();
  const desk = openBackend(() => started, logger);
  const stops = [desk.stop(), desk.stop()];
  const backend = backendAnswering('');
  open(backend);
  await Promise.all(stops);
  expect(backend.stop).toHaveBeenCalledOnce();
  expect(await (await desk.handle(request())).text()).toContain('UNAVAILABLE');
});

test('stopping while it reopens leaves nothing running', async () => {
  const first = backendAnswering('first');
  const compose = vi.fn(async () => first as DeskBackend);
  const desk = openBackend(compose, logger);
  await desk.problem();
  await Promise.all([desk.reopen(), desk.stop()]);
  expect(first.stop).toHaveBeenCalledOnce();
  // Not even started anew, for an end that is near.
  expect(compose).toHaveBeenCalledOnce();
});

test('a restore opens the desk anew, and what is known of the tickets before is dropped', async () => {
  const summary = { tickets: 2, madeAt: '2026-11-28T02:00:00.000Z' };
  const backups = {
    status: vi.fn(),
    make: vi.fn(),
    restore: vi.fn(async () => summary),
    tell: vi.fn(),
    onChange: vi.fn<(listener: () => void) => void>(),
    stop: vi.fn(),
  };
  const before = { ...backendAnswering('before'), backups };
  const after = { ...backendAnswering('after'), backups };
  const compose = vi.fn(async () => after as DeskBackend).mockResolvedValueOnce(before);
  const desk = openBackend(compose, logger);
  const changed = vi.fn();
  desk.onBackups(changed);
  expect(await desk.restoreBackup('/elsewhere/a.deskbackup')).toEqual(summary);
  expect(before.stop).toHaveBeenCalledOnce();
  expect(after.forgetTickets).toHaveBeenCalledOnce();
  expect(await (await desk.handle(request())).text()).toBe('after');
  changed.mockClear();
  backups.onChange.mock.lastCall?.[0]();
  expect(changed).toHaveBeenCalledOnce();

  backups.restore.mockRejectedValueOnce(new DeskError('CONFLICT', 'There are tickets.'));
  await expect(desk.restoreBackup('/elsewhere/a.deskbackup')).rejects.toThrow('There are tickets.');
  expect(after.stop).not.toHaveBeenCalled();
});

test('without backups there is nothing to restore', async () => {
  const desk = openBackend(async () => backendAnswering(''), logger);
  expect(await desk.backups()).toBeUndefined();
  await expect(desk.restoreBackup('/a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
