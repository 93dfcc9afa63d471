import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { appId, autostartEntry, loginItem } from './login-item.ts';

const app = {
  getLoginItemSettings: vi.fn(() => ({ openAtLogin: true }) as Electron.LoginItemSettings),
  setLoginItemSettings: vi.fn(),
};
const command = { program: '/opt/Ticket Desk/ticket-desk', given: [] };
beforeEach(() => vi.clearAllMocks());

const execOf = (text: string) => /^Exec=(.*)$/m.exec(text)?.[1];

describe('on Linux', () => {
  let configFolder: string;
  beforeEach(async () => {
    configFolder = testFolder();
  });
  const item = (given = command) => loginItem({ app, platform: 'linux', configFolder, command: given });
  const file = () => join(configFolder, 'autostart', 'ticket-desk.desktop');

  test('the file is exactly this, and is gone again when switched off', async () => {
    expect(await item().isOn()).toBe(false);
    await item().set(true);
    expect(await readFile(file(), 'utf8')).toBe(
      `[Desktop Entry]
Type=Application
Name=Ticket Desk
Comment=Helpdesk
TryExec=/opt/Ticket Desk/ticket-desk
Exec="/opt/Ticket Desk/ticket-desk" "--hidden"
Icon=ticket-desk
Terminal=false
X-GNOME-Autostart-enabled=true
`,
    );
    expect(await item().isOn()).toBe(true);
    await item().set(false);
    expect(await readdir(join(configFolder, 'autostart'))).toEqual([]);
    await item().set(false);
  });

  test("a file that the desktop's settings switched off, or of a program that was moved, counts as off", async () => {
    await item().set(true);
    await writeFile(file(), `${await readFile(file(), 'utf8')}Hidden=true\n`);
    expect(await item().isOn()).toBe(false);
    await item().set(true);
    expect(await item({ program: '/elsewhere/desk', given: [] }).isOn()).toBe(false);
    expect(await item().isOn()).toBe(true);
  });

  test('the entry of a program that is gone follows to the one that runs; every other one stays', async () => {
    const before = {
      program: join(configFolder, 'a "b" $c `d` \\e %f', 'ticket-desk-0.1.0.AppImage'),
      given: [],
    };
    await item(before).set(true);
    await item().follow();
    expect(await item().isOn()).toBe(true);

    const there = { program: process.execPath, given: [] };
    await item(there).set(true);
    await item().follow();
    expect(await item(there).isOn()).toBe(true);

    const switchedOff = `${autostartEntry(before)}Hidden=true\n`;
    await writeFile(file(), switchedOff);
    await item().follow();
    expect(await readFile(file(), 'utf8')).toBe(switchedOff);

    await item().set(false);
    await item().follow();
    expect(await readdir(join(configFolder, 'autostart'))).toEqual([]);
  });

  test('a folder that can not be written is told, with the file', async () => {
    await writeFile(join(configFolder, 'autostart'), 'in the way');
    await expect(item().set(true)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(file()),
    });
  });

  test('what a shell or the desktop would read otherwise stays one argument', () => {
    const text = autostartEntry({ program: '/a "b" $c `d` \\e %f', given: ['/app'] });
    expect(execOf(text)).toBe('"/a \\\\"b\\\\" \\\\$c \\\\`d\\\\` \\\\\\\\e %%f" "/app" "--hidden"');
  });
});

test.each([
  ['win32', { path: command.program, args: ['--hidden'] }],
  ['darwin', {}],
] as const)('on %s it is an entry of the system itself', async (platform, entry) => {
  const item = loginItem({ app, platform, configFolder: '/nowhere', command });
  expect(await item.isOn()).toBe(true);
  await item.set(false);
  await item.follow();
  expect(app.setLoginItemSettings).toHaveBeenCalledTimes(1);
  expect(app.getLoginItemSettings).toHaveBeenCalledWith(entry);
  expect(app.setLoginItemSettings).toHaveBeenCalledWith({ openAtLogin: false, ...entry });
});

test('the app goes by the name that the installer gives to its shortcut', () => {
  const configuration = readFileSync(join(import.meta.dirname, '../electron-builder.yml'), 'utf8');
  expect(configuration.split('\n')).toContain(`appId: ${appId}`);
});
