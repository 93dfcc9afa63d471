/** A Debian package of a very small app, by dpkg-deb and read by it. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { findCommand } from '../system.ts';
import { makeDeb } from './deb.ts';

const work = mkdtempSync(join(tmpdir(), 'ticket-desk-deb-'));
afterAll(() => rmSync(work, { recursive: true }));

const manifest = {
  name: 'ticket-desk',
  productName: 'Ticket Desk',
  version: '1.2.3',
  description: 'File, find, work and close support tickets.',
  license: 'MIT',
  homepage: 'https://ticket-desk.invalid',
};

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

/** An unpacked app and what it was packed from, with rights and times of their own. */
function smallApp(name: string, modes: { file: number; program: number }, seconds: number) {
  const folder = join(work, name, 'unpacked');
  const staged = join(work, name, 'staged');
  write(join(folder, 'ticket-desk'), '#!/bin/sh\n', modes.program);
  write(join(folder, 'libffmpeg.so'), 'a library', modes.program);
  write(join(folder, 'resources/app.asar'), 'an archive', modes.file);
  symlinkSync('app.asar', join(folder, 'resources/link'));
  utimesSync(join(folder, 'ticket-desk'), seconds, seconds);
  write(join(staged, 'app/package.json'), JSON.stringify(manifest), modes.file);
  write(join(staged, 'icons/64x64.png'), 'a picture', modes.file);
  write(join(staged, 'icons/icon.ico'), 'for Windows', modes.file);
  return { folder, staged, outputFolder: join(work, name, 'dist'), isForTests: false };
}

const dpkgDeb = (...args: string[]) => execFileSync('dpkg-deb', args, { encoding: 'utf8' });

describe.skipIf(!findCommand('dpkg-deb'))('with dpkg-deb', () => {
  test('the same app makes the same bytes, whoever makes it and whenever', async () => {
    vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
    const one = await makeDeb(smallApp('one', { file: 0o644, program: 0o755 }, 1_500_000_000));
    const other = await makeDeb(smallApp('other', { file: 0o600, program: 0o700 }, 1_800_000_000));
    vi.unstubAllEnvs();
    expect(readFileSync(other).equals(readFileSync(one))).toBe(true);
  });

  test('it holds the app as root’s, its command, its desktop entry, its icons and its terms', async () => {
    const file = await makeDeb(smallApp('listed', { file: 0o600, program: 0o700 }, 0));
    expect(basename(file)).toMatch(/^ticket-desk-1\.2\.3-linux-\w+\.deb$/);
    const lines = dpkgDeb('--contents', file).trim().split('\n');
    const list = lines.map((line) => line.replace(/^(\S+ \S+) .* \.\//, '$1 ./'));
    expect(lines.every((line) => line.includes('root/root'))).toBe(true);
    expect(list).toEqual(
      expect.arrayContaining([
        '-rwxr-xr-x root/root ./usr/lib/ticket-desk/ticket-desk',
        '-rw-r--r-- root/root ./usr/lib/ticket-desk/libffmpeg.so',
        '-rw-r--r-- root/root ./usr/lib/ticket-desk/resources/app.asar',
        'lrwxrwxrwx root/root ./usr/bin/ticket-desk -> ../lib/ticket-desk/ticket-desk',
        '-rw-r--r-- root/root ./usr/share/applications/ticket-desk.desktop',
        '-rw-r--r-- root/root ./usr/share/icons/hicolor/64x64/apps/ticket-desk.png',
        '-rw-r--r-- root/root ./usr/share/metainfo/org.ticketdesk.TicketDesk.metainfo.xml',
        '-rw-r--r-- root/root ./usr/share/doc/ticket-desk/copyright',
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/icon\.ico/);
  });

  test('dpkg reads what it needs: renamed libraries under both names, and no page where there is none', async () => {
    const file = await makeDeb(smallApp('read', { file: 0o644, program: 0o755 }, 0));
    const field = (name: string) => dpkgDeb('--field', file, name).trim();
    expect(field('Version')).toBe('1.2.3');
    expect(field('Depends')).toContain('libgtk-3-0t64 | libgtk-3-0');
    expect(Number(field('Installed-Size'))).toBeGreaterThan(0);
    expect(field('Homepage')).toBe('');
  });
});
