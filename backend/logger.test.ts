import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger, logWarnings } from './logger.ts';

function logged(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  log(createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

describe('the log', () => {
  it('holds no token, password or authorization, at the top or one level down', () => {
    const text = logged((logger) => {
      logger.info(
        { apiToken: 'hush-1', headers: { authorization: 'hush-2' }, config: { password: 'hush-3' } },
        'x',
      );
    });
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hush');
  });

  it('holds no ticket text', () => {
    const text = logged((logger) => {
      logger.info({ create: { title: 'My secret', description: 'of mine', requestId: 'known' } }, 'x');
    });
    expect(text).not.toMatch(/My secret|of mine/);
    expect(text).toContain('known');
  });

  it('keeps of an error its text, code, stack and cause, and not the row that Postgres adds', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (title)=(My secret)',
    });
    const text = logged((logger) => logger.error({ err: new Error('could not store', { cause }) }, 'x'));
    expect(text).toMatch(/could not store.*duplicate key/);
    expect(text).toContain('23505');
    expect(text).toContain('logger.test.ts');
    expect(text).not.toContain('My secret');
  });

  it('hides a password inside an address and a bearer inside a text', () => {
    const text = logged((logger) => {
      logger.error(
        { err: new Error('no answer from postgresql://desk:hush-1@localhost/x (Bearer hush-2)') },
        'x',
      );
    });
    expect(text).toContain('postgresql://desk:[redacted]@localhost');
    expect(text).not.toContain('hush');
  });

  it('has what Node warns of, which prints it no more', async () => {
    const before = process.listeners('warning');
    onTestFinished(() => {
      process.removeAllListeners('warning');
      for (const listener of before) process.on('warning', listener);
    });
    const printed = vi.spyOn(process.stderr, 'write');
    const write = vi.fn<(line: string) => void>();
    logWarnings(createLogger({ name: 'test', level: 'info', destination: { write } }));
    process.emitWarning('An address is no name.', { type: 'DeprecationWarning', code: 'DEP0123' });
    await vi.waitFor(() => expect(write).toHaveBeenCalledOnce());
    expect(JSON.parse(write.mock.lastCall?.[0] ?? '')).toMatchObject({
      level: 40,
      err: { type: 'DeprecationWarning', code: 'DEP0123', message: 'An address is no name.' },
    });
    expect(process.listenerCount('warning')).toBe(1);
    expect(printed).not.toHaveBeenCalled();
  });
});
