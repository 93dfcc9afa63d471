/** What a right click offers in the real window, whose system menu is caught before it is shown. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endDesk, expectConnected, launchDesk, type RunningDesk } from './harness.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;

beforeAll(async () => {
  desk = await launchDesk({ keepForSuite: true });
  await expectConnected(desk);
  await seed(desk, [{ title: 'Scanner offline' }]);
  await desk.app.evaluate(({ Menu }) => {
    Menu.prototype.popup = function () {
      Object.assign(globalThis, { shownMenu: this });
    };
  });
});
afterAll(async () => {
  if (desk) await endDesk(desk);
});

interface Shown {
  items: { role?: string; enabled: boolean; click(): void }[];
}

/** The items of the menu that was shown last, as "copy" or "(copy)" where it can't be chosen. */
const shownMenu = () =>
  desk.app.evaluate(() => {
    const menu = (globalThis as unknown as { shownMenu?: Shown }).shownMenu;
    Object.assign(globalThis, { shownMenu: undefined });
    const names = menu?.items
      .filter(({ role }) => role)
      .map(({ role, enabled }) => (enabled ? role : `(${role})`));
    return names?.map((name) => name?.toLowerCase());
  });

test('a text field offers cut, copy, paste and select all', async () => {
  const { page } = desk;
  const search = page.getByRole('searchbox');
  await search.click({ button: 'right' });
  await expect.poll(shownMenu).toEqual(['(cut)', '(copy)', 'paste', '(selectall)']);
  await search.fill('scanner');
  await search.selectText();
  await search.click({ button: 'right' });
  await expect.poll(shownMenu).toEqual(['cut', 'copy', 'paste', 'selectall']);
  await search.fill('');
});

test('text that is read can be copied, and a row offers nothing', async () => {
  const { page } = desk;
  await page.getByRole('row', { name: 'Scanner offline' }).click({ button: 'right' });
  await page.getByRole('row', { name: 'Scanner offline' }).click();
  const title = page.locator('h3[data-field=title]');
  await title.selectText();
  await title.click({ button: 'right' });
  await expect.poll(shownMenu).toEqual(['copy']);
});
