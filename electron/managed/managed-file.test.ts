import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { testFolder } from '../../backend/testing/test-folder.ts';
import { managedFilePath, readManaged } from './managed-file.ts';
import { openManaged } from './open-managed.ts';

const file = '/etc/ticket-desk/config.json';
const read = (text: string) => readManaged(file, text);

test('a right file sets what it says, and nothing else', () => {
  const text = `{
  "profile": "team",
  "ticketServiceAddress": "tickets.example.org:50051",
  "tls": true,
  "caFile": "/etc/ticket-desk/ca.pem",
  "updates": "off"
}\n`;
  expect(read(text)).toEqual({ fields: JSON.parse(text), file, notices: [] });
});

test('an empty address of NSQ is one that is set; spaces around a value are none of it', () => {
  expect(read('{ "nsqdAddress": "", "ticketServiceAddress": " tickets:1 " }')).toMatchObject({
    fields: { nsqdAddress: '', ticketServiceAddress: 'tickets:1' },
    notices: [],
  });
});

test.each([
  ['{\n  "tls": true\n  "nsqdTls": true\n}', 3, 3],
  ['{\n  "tls": true,\n}', 3, 1],
  ['{ "tls": yes }', 1, 10],
  ['{ tls: true }', 1, 3],
  ['{\n "caFile": "C:\\ca.pem" }', 2, 12],
  ['{ "tls": true', 1, 14],
  ['', 1, 1],
  ['[]', 1, 1],
  ['{ "nsq": { "tls": true } }', 1, 10],
  ['{ "tls": true,\n "tls": false }', 2, 2],
  ['{}\n{}', 2, 1],
  ['{\r\n  "tls": true,\r\n  "nsqdTls": no\r\n}', 3, 14],
  ['{ "tls": true,\n "\\u0074ls": false }', 2, 2],
])('%j is named by its line and column, and nothing of it is in use', (text, line, column) => {
  const { fields, notices } = read(text);
  expect(fields).toEqual({ updates: 'off' });
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain(`${file} is not valid JSON at line ${line}, column ${column}:`);
});

test.each([
  ['"profile": "server"', 'profile', undefined],
  ['"ticketServiceAddress": "http://tickets"', 'ticketServiceAddress', undefined],
  ['"nsqdAddress": 4150', 'nsqdAddress', undefined],
  ['"caFile": "ca.pem"', 'caFile', undefined],
  ['"tls": "no"', 'tls', true],
  ['"nsqdTls": null', 'nsqdTls', true],
  ['"updates": true', 'updates', 'off'],
  ['"updates": 1e999', 'updates', 'off'],
] as const)(
  'a wrong value, %s, is named by its line; the others hold, and what is in doubt is the safe one',
  (entry, key, meanwhile) => {
    const { fields, notices } = read(
      `{\n  "nsqdAddress${key === 'nsqdAddress' ? '2' : ''}": "queue:4150",\n  ${entry}\n}`,
    );
    expect(fields[key]).toBe(meanwhile);
    if (key !== 'nsqdAddress') expect(fields.nsqdAddress).toBe('queue:4150');
    expect(notices.at(-1)).toContain(`${file}, line 3: "${key}" must be `);
  },
);

test.each(['token', '__proto__', 'constructor', 'toString'])(
  'an unknown key, %s, is told of, and takes nothing from the others',
  (key) => {
    const { fields, notices } = read(`{\n "${key}": "x",\n "updates": "on" }`);
    expect(fields).toEqual({ updates: 'on' });
    expect(notices).toEqual([expect.stringContaining(`line 2: "${key}" means nothing`)]);
  },
);

test('a team without an address, and a certificate without its key, are named and left out', () => {
  const { fields, notices } = read('{\n "profile": "team",\n "certFile": "/c.pem",\n "updates": "on"\n}');
  expect(fields).toEqual({ updates: 'on' });
  expect(notices).toEqual([
    expect.stringContaining('line 2: "profile"'),
    expect.stringContaining('line 3: "certFile"'),
  ]);
});

test('each system has its place', () => {
  expect(managedFilePath('linux', undefined)).toBe('/etc/ticket-desk/config.json');
  expect(managedFilePath('darwin', undefined)).toBe('/Library/Application Support/Ticket Desk/config.json');
  expect(managedFilePath('win32', undefined)).toBe('C:\\ProgramData\\Ticket Desk\\config.json');
  expect(managedFilePath('win32', 'D:\\ProgramData')).toBe('D:\\ProgramData\\Ticket Desk\\config.json');
});

describe('the file itself', () => {
  const isRoot = process.getuid?.() === 0;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    const root = testFolder();
    folder = join(root, 'ticket-desk');
    await mkdir(folder, { mode: 0o755 });
    file = join(folder, 'config.json');
  });
  const put = (text: string | Buffer, at = file) => writeFile(at, text, { mode: 0o644 });
  const opened = (mustBeRoots = false, at = file) => openManaged({ file: at, mustBeRoots });
  const isRefused = (why: string) => ({
    fields: { updates: 'off' },
    notices: [expect.stringContaining(why)],
  });

  test('is in use where root alone may change it', async () => {
    await put('{ "updates": "on" }');
    expect((await opened(true))?.fields).toEqual({ updates: isRoot ? 'on' : 'off' });
    expect(await opened()).toMatchObject({ fields: { updates: 'on' }, notices: [] });
  });

  test('is none where nothing is there', async () => {
    expect(await opened(true)).toBeNull();
    expect(await opened(true, join(folder, 'none', 'config.json'))).toBeNull();
    await put('');
    expect(await opened(true, join(file, 'config.json'))).toBeNull();
  });

  test.each([
    ['the file is for its group to write', () => chmod(file, 0o664)],
    ['the file is for all to write', () => chmod(file, 0o646)],
    ['the folder is for its group to write', () => chmod(folder, 0o775)],
    ['the folder is for all to write', () => chmod(folder, 0o757)],
    // Only root can give things away; for anybody else the file is not root's from the start.
    ['the file is of another user', () => isRoot && chown(file, 4_711, 0)],
    ['the folder is of another user', () => isRoot && chown(folder, 4_711, 0)],
  ])('is refused where others may change it: %s', async (_name, loosen) => {
    await put('{ "updates": "on" }');
    await loosen();
    expect(await opened(true)).toMatchObject(isRefused('others than root'));
    expect(await opened()).toMatchObject({ fields: { updates: 'on' }, notices: [] });
  });

  test('may be a link to where root alone may change it, and nowhere else', async () => {
    const elsewhere = join(folder, '..', 'elsewhere');
    await mkdir(elsewhere, { mode: 0o755 });
    await put('{ "updates": "on" }', join(elsewhere, 'linked.json'));
    await symlink(join(elsewhere, 'linked.json'), file);
    expect((await opened(true))?.fields).toEqual({ updates: isRoot ? 'on' : 'off' });
    await chmod(elsewhere, 0o777);
    expect(await opened(true)).toMatchObject(isRefused('others than root'));
  });

  test('is refused where it is no file: a folder, or a pipe that nobody writes into', async () => {
    expect(await opened(false, folder)).toMatchObject(isRefused('is no file'));
    execFileSync('mkfifo', [file]);
    expect(await opened()).toMatchObject(isRefused('is no file'));
  });

  test('is refused when it is longer than any that can be meant', async () => {
    await put(`{ "updates": "on" }${' '.repeat(64 * 1024)}`);
    expect(await opened()).toMatchObject(isRefused('longer than 64 KiB'));
  });

  test('is UTF-8, with or without the mark of Windows; another encoding is named', async () => {
    await put('\uFEFF{ tls: true }');
    expect((await opened())?.notices[0]).toContain('line 1, column 3');
    await put(Buffer.from('\uFEFF{ "updates": "on" }', 'utf16le'));
    expect(await opened()).toMatchObject(isRefused('is not in UTF-8'));
  });
});
