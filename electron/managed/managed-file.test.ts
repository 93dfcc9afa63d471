import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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
  expect(read('\uFEFF{}')).toMatchObject({ fields: {}, notices: [] });
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

test('an unknown key is told of, and takes nothing from the others', () => {
  const { fields, notices } = read('{\n "token": "x",\n "updates": "on" }');
  expect(fields).toEqual({ updates: 'on' });
  expect(notices).toEqual([expect.stringContaining('line 2: "token" means nothing')]);
});

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
  expect(managedFilePath('win32', 'D:\\ProgramData')).toBe('D:\\ProgramData\\Ticket Desk\\config.json');
});

test('no file is no managed installation; one that others may change is refused', async () => {
  const root = await mkdtemp(join(tmpdir(), 'desk-managed-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const folder = join(root, 'ticket-desk');
  await mkdir(folder, { mode: 0o755 });
  const own = join(folder, 'config.json');
  const opened = () => openManaged({ file: own, mustBeRoots: true });
  expect(await opened()).toBeNull();
  await writeFile(own, '{ "updates": "on" }', { mode: 0o644 });
  const isRoot = process.getuid?.() === 0;
  expect((await opened())?.fields).toEqual({ updates: isRoot ? 'on' : 'off' });
  await chmod(own, 0o666);
  expect(await opened()).toMatchObject({
    fields: { updates: 'off' },
    notices: [expect.stringContaining('others than root')],
  });
  await chmod(own, 0o644);
  await chmod(folder, 0o777);
  expect((await opened())?.notices).toHaveLength(1);
  expect(await openManaged({ file: own, mustBeRoots: false })).toMatchObject({
    fields: { updates: 'on' },
    notices: [],
  });
  expect(await openManaged({ file: folder, mustBeRoots: false })).toMatchObject({
    notices: [expect.stringContaining('is no file')],
  });
});
