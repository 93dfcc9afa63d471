/** Text fields in the real window: what a right click offers (the system's menu is caught before it is shown), and what is proposed. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { endDesk, expectConnected, launchDesk, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;

beforeAll(async () => {
  desk = await launchDesk({ keepForSuite: true });
  await expectConnected(desk);
  await seed(desk, [{ title: 'Scanner offline' }]);
  await desk.app.evaluate(({ clipboard, Menu }) => {
    clipboard.writeText('something to paste');
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

/** The items of the menu that a right click there opens, as "copy" or "(copy)" where it can't be chosen. */
async function menuOf(place: Locator): Promise<(string | undefined)[]> {
  await desk.app.evaluate(() => Object.assign(globalThis, { shownMenu: undefined }));
  await place.click({ button: 'right' });
  return vi.waitFor(async () => {
    const names = await desk.app.evaluate(() => {
      const menu = (globalThis as unknown as { shownMenu?: Shown }).shownMenu;
      const items = menu?.items.filter(({ role }) => role);
      return items?.map(({ role, enabled }) => (enabled ? role : `(${role})`)?.toLowerCase());
    });
    if (!names) throw new Error('no menu was shown');
    return names;
  });
}

test('a text field offers cut, copy, paste and select all', async () => {
  const { page } = desk;
  const search = page.getByRole('combobox', { name: 'Search tickets' });
  expect(await menuOf(search)).toEqual(['(cut)', '(copy)', 'paste', '(selectall)']);
  await search.fill('scanner');
  await search.selectText();
  expect(await menuOf(search)).toEqual(['cut', 'copy', 'paste', 'selectall']);
  await search.fill('');
});

test('text that is read can be copied', async () => {
  const { page } = desk;
  await page.getByRole('row', { name: 'Scanner offline' }).click();
  const title = page.locator('h3[data-field=title]');
  await title.selectText();
  expect(await menuOf(title)).toEqual(['copy']);
});

test('the requester is proposed, taken by key or pointer, and the form stays as it is', async () => {
  const { page } = desk;
  await page.evaluate(() =>
    localStorage.setItem(
      'ticket-desk-requesters',
      JSON.stringify(['Ada Lovelace', 'Ada Byron', 'Bo Lindqvist']),
    ),
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+n');
  const requester = page.getByRole('combobox', { name: 'Requester' });
  const options = page.getByRole('listbox', { name: 'Typed before' }).getByRole('option');
  await requester.fill('ad');
  await expect.poll(() => options.allTextContents()).toEqual(['Ada Lovelace', 'Ada Byron']);
  await lookAt(desk, 'requester-proposals');

  await requester.press('ArrowDown');
  await requester.press('ArrowDown');
  const chosen = page.locator('[role=option][aria-selected=true]');
  expect(await chosen.textContent()).toBe('Ada Byron');
  expect(await requester.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
  await requester.press('Enter');
  expect(await requester.inputValue()).toBe('Ada Byron');
  expect(await options.count()).toBe(0);
  // Taken, and not filed: nothing is wrong with the empty title yet.
  expect(await page.locator('.invalid-feedback').count()).toBe(0);

  await requester.fill('b');
  await options.filter({ hasText: 'Bo Lindqvist' }).click();
  expect(await requester.inputValue()).toBe('Bo Lindqvist');
  await requester.fill('a');
  await options.first().waitFor();
  await requester.press('Escape');
  expect(await options.count()).toBe(0);
  expect(await requester.inputValue()).toBe('a');
  await page.getByRole('heading', { name: 'New ticket' }).waitFor();
  await requester.press('Escape');
  await page.getByRole('heading', { name: 'New ticket' }).waitFor({ state: 'detached' });
});
