import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../bundled-packages.ts';
import { isRunningPart } from '../docker-context.ts';
import { releaseFuses } from './fuses.ts';
import { isForRunningPostgres, isPrebuildFor } from './stage.ts';

describe('of native prebuilds only this system’s', () => {
  test.each([
    ['linux-x64', { platform: 'linux', arch: 'x64' }, true],
    ['linux-arm64', { platform: 'linux', arch: 'x64' }, false],
    ['win32-x64', { platform: 'linux', arch: 'x64' }, false],
    ['darwin-x64+arm64', { platform: 'darwin', arch: 'arm64' }, true],
    ['darwin-x64+arm64', { platform: 'darwin', arch: 'x64' }, true],
  ] as const)('%s on %o: %s', (folder, system, isWanted) => {
    expect(isPrebuildFor(folder, system)).toBe(isWanted);
  });
});

describe('of a dependency only what runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-part-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['index.js', 'package.json', 'binding.node', 'health.proto'])('%s goes in', (name) => {
    writeFileSync(join(folder, name), '');
    expect(isRunningPart(join(folder, name))).toBe(true);
  });

  test.each(['README.md', 'index.d.ts', 'index.js.map', 'binding.cc', 'LICENSE', '.npmignore'])(
    '%s stays out',
    (name) => {
      writeFileSync(join(folder, name), '');
      expect(isRunningPart(join(folder, name))).toBe(false);
    },
  );

  test('folders of tests and documents stay out; one whose name has a dot goes in', () => {
    const isWanted = (name: string) => {
      mkdirSync(join(folder, name));
      return isRunningPart(join(folder, name));
    };
    expect(['test', 'docs', 'deps', 'lib', 'v1.0'].map(isWanted)).toEqual([false, false, false, true, true]);
  });
});

describe('of Postgres only what a database needs', () => {
  test.each([
    'native/bin/postgres',
    'native/lib/libpq.so.5.18',
    'native/lib/postgresql/pg_trgm.so',
    'native/lib/postgresql/plpgsql.so',
    'native/lib/postgresql/utf8_and_win.so',
    'native/lib/postgresql/dict_snowball.dylib',
    'native/share/postgresql/extension/pg_trgm--1.5--1.6.sql',
    'native/share/postgresql/extension/plpgsql.control',
    'native/share/postgresql/postgres.bki',
  ])('%s goes in', (path) => expect(isForRunningPostgres(path)).toBe(true));

  test.each([
    'native/lib/libpq.a',
    'native/lib/pkgconfig',
    'native/lib/postgresql/pgxs',
    'native/lib/postgresql/plperl.so',
    'native/lib/postgresql/hstore_plpython3.so',
    'native/lib/postgresql/fuzzystrmatch.so',
    'native/share/postgresql/extension/uuid-ossp.control',
    'native/share/postgresql/extension/pgcrypto--1.3.sql',
    'native/lib/libossp-uuid.so.16',
    'native/pg-symlinks.json',
  ])('%s stays out', (path) => expect(isForRunningPostgres(path)).toBe(false));
});

test.each([
  ['node_modules/pg/lib/index.js', 'node_modules/pg'],
  ['node_modules/@grpc/grpc-js/build/src/index.js', 'node_modules/@grpc/grpc-js'],
  ['node_modules/a/node_modules/b/index.js', 'node_modules/a/node_modules/b'],
  ['backend/compose.ts', ''],
])('%s belongs to %s', (path, folder) => {
  expect(packageFolder(path)).toBe(folder);
});

test('the fuses of a release leave no way in but the app’s own', () => {
  // electronjs.org/docs/latest/tutorial/fuses; the smoke test reads them back from the binary.
  expect(releaseFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});
