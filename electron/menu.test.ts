import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { commands } from '../proto/generated/commands.ts';
import { menuTemplate } from './menu.ts';

function itemsOf(platform: NodeJS.Platform, onCommand = (_id: string) => {}): MenuItemConstructorOptions[] {
  return menuTemplate({ platform, isDevelopment: false, onCommand }).flatMap(
    (menu) => (menu.submenu ?? []) as MenuItemConstructorOptions[],
  );
}

describe.each(['linux', 'win32', 'darwin'] as const)('on %s', (platform) => {
  test.each(commands)('$id is in the menu with its key, and calls back with its id', (command) => {
    const onCommand = vi.fn();
    const item = itemsOf(platform, onCommand).find(({ id }) => id === command.id);
    const key = command.accelerator ?? command.key;
    if (key) expect(`${item?.label} ${item?.accelerator}`).toContain(key);
    const { click } = item as { click(): void };
    click();
    expect(onCommand).toHaveBeenCalledExactlyOnceWith(command.id);
  });

  test('a single key is never taken from the page', () => {
    for (const item of itemsOf(platform)) {
      const isSingleKey = item.accelerator && !String(item.accelerator).includes('+');
      if (isSingleKey) expect(item).toMatchObject({ registerAccelerator: false });
    }
  });
});

test('the licences are reached from Help in a package, and nothing leads to them elsewhere', () => {
  const onLicences = vi.fn();
  const help = (options: object) =>
    menuTemplate({ platform: 'linux', isDevelopment: false, onCommand: () => {}, ...options }).at(-1)
      ?.submenu as MenuItemConstructorOptions[];
  const item = help({ onLicences }).find(({ label }) => label === '&Licences');
  (item as { click(): void }).click();
  expect(onLicences).toHaveBeenCalledOnce();
  expect(help({}).some(({ label }) => label === '&Licences')).toBe(false);
});
