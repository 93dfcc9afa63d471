import { expect, it, vi } from 'vitest';
import { CommandRegistry, isCommandId } from './command-registry.ts';

const refused = vi.fn();
const handler = (run: () => void, enabled = true, disabledReason: string | null = null) => ({
  run,
  enabled,
  disabledReason,
});

it('has the latest to come answer, and the one before when that has left', () => {
  const registry = new CommandRegistry(refused);
  const outer = vi.fn();
  const inner = vi.fn();
  registry.register('file-ticket', handler(outer));
  const leave = registry.register('file-ticket', handler(inner));
  registry.run('file-ticket');
  leave();
  registry.run('file-ticket');
  expect([outer.mock.calls.length, inner.mock.calls.length]).toEqual([1, 1]);
});

it('says why a command can not run, and runs nothing', () => {
  const registry = new CommandRegistry(refused);
  const run = vi.fn();
  registry.register(
    'set-status',
    handler(run, false, 'Offline: the status can be set when the link is back.'),
  );
  expect(registry.run('set-status')).toBe(true);
  expect(run).not.toHaveBeenCalled();
  expect(refused).toHaveBeenCalledWith(expect.stringContaining('Offline'));
});

it('leaves a key to others when nobody answers its command', () => {
  const registry = new CommandRegistry(refused);
  expect(registry.run('edit-ticket')).toBe(false);
  expect(registry.state('edit-ticket')).toEqual({ enabled: false, reason: null });
});

it('tells a command from any other text', () => {
  expect(isCommandId('palette')).toBe(true);
  expect(isCommandId('format-disk')).toBe(false);
});
