import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { refuseSilentDisplay, startVirtualDisplay, xauthority } from './display.ts';
import { findCommand } from './system.ts';

/** Opens an X connection without a cookie; the server's first byte tells whether it lets one in (1). */
function knockWithoutCookie(displayNumber: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(`/tmp/.X11-unix/X${displayNumber}`);
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes[0] ?? -1);
    });
    // Byte order, X 11.0, and no authorization.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  });
}

test.runIf(findCommand('Xvfb'))(
  'a virtual display lets nobody in without its cookie, and leaves nothing behind',
  async () => {
    const display = await startVirtualDisplay();
    const number = display.env.DISPLAY.slice(1);
    expect(await knockWithoutCookie(number)).toBe(0);
    await display.stop();
    expect(existsSync(`/tmp/.X11-unix/X${number}`)).toBe(false);
    expect(existsSync(display.env.XAUTHORITY)).toBe(false);
  },
);

test('a cookie is written as X reads it: any host, any display, name, value', () => {
  const text = xauthority(Buffer.from('0123456789abcdef'));
  expect(text.subarray(0, 6)).toEqual(Buffer.from([0xff, 0xff, 0, 0, 0, 0]));
  expect(text.subarray(6).toString('latin1')).toBe('\0\x12MIT-MAGIC-COOKIE-1\0\x100123456789abcdef');
});

test.runIf(findCommand('Xvfb'))('a display that answers is taken, at its socket or by its name', async () => {
  const display = await startVirtualDisplay();
  await refuseSilentDisplay({ DISPLAY: display.env.DISPLAY });
  await refuseSilentDisplay({ DISPLAY: `unix${display.env.DISPLAY}.0`, WAYLAND_DISPLAY: 'wayland-nowhere' });
  await display.stop();
});

test.each([
  { DISPLAY: ':4711' },
  { DISPLAY: 'localhost:4711.0' },
  { WAYLAND_DISPLAY: 'wayland-9', XDG_RUNTIME_DIR: '/nowhere' },
])('one at which nothing answers is named: %o', async (environment) => {
  const [name, value] = Object.entries(environment)[0] as [string, string];
  await expect(refuseSilentDisplay(environment)).rejects.toThrow(`${name}=${value}`);
});

test('where none is named there is nothing to refuse', async () => {
  await refuseSilentDisplay({});
});
