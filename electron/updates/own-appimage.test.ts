import { expect, test } from 'vitest';
import { ownAppImage } from './appimage.ts';

const appImage = '/home/ada/ticket-desk-0.1.0.AppImage';
const appDir = '/tmp/.mount_ticketA1';

test.each([
  ['its own', `${appDir}/ticket-desk`, appImage, appDir, appImage],
  [
    "another program's, from whose terminal it was started",
    '/usr/lib/ticket-desk/ticket-desk',
    '/a/b.AppImage',
    '/tmp/.mount_b',
    undefined,
  ],
  ['one mounted beside it', `${appDir}B/ticket-desk`, appImage, appDir, undefined],
  ['none', '/opt/ticket-desk/ticket-desk', undefined, undefined, undefined],
  ['an empty one', '/opt/ticket-desk/ticket-desk', '', '', undefined],
])('of %s', (_name, execPath, image, dir, expected) => {
  expect(ownAppImage({ execPath, appImage: image, appDir: dir })).toBe(expected);
});
