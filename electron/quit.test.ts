/** The parts' patience is theirs; that it fits together is seen here. */
import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { postgresStopMs } from '../backend/embedded/shutdown.ts';
import { serviceStopMs } from '../backend/embedded/supervised-service.ts';
import { createLogger } from '../backend/logger.ts';
import { sendsStopMs } from '../backend/proxy/outbox/dispatcher.ts';
import { setupQuit, watchdogMs, windowsMs } from './quit.ts';

test('whatever hangs while the desk stops is ended in its turn, before the watchdog ends the desk itself', () => {
  expect(windowsMs + sendsStopMs + serviceStopMs + postgresStopMs).toBeLessThan(watchdogMs);
});

test('a stop that never ends does not keep the app open', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const exit = vi.fn();
  const app = Object.assign(new EventEmitter(), { exit, quit: vi.fn() });
  setupQuit({
    app: app as unknown as Electron.App,
    stop: () => new Promise(() => {}),
    leave: vi.fn(),
    destroyWindows: vi.fn(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  app.emit('before-quit');
  app.emit('will-quit', { preventDefault: vi.fn() });
  vi.advanceTimersByTime(watchdogMs - 1);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledExactlyOnceWith(1);
});
