/** What a person does at the keyboard, as far as the long runs need it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** As long as anything may take with a full database on a loaded machine. */
export const patience = { timeout: 120_000 };

export const countText = (count: number) => count.toLocaleString('en');

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

export function expectFocus(place: Locator): Promise<void> {
  return expect
    .poll(() => place.evaluate((element) => element === document.activeElement), patience)
    .toBe(true);
}

/** From wherever the keys are, by Tab. */
export async function tabTo(place: Locator): Promise<void> {
  await place.waitFor(patience);
  for (let tabs = 0; tabs < 80; tabs += 1) {
    if (await place.evaluate((element) => element === document.activeElement)) return;
    await place.page().keyboard.press('Tab');
  }
  throw new Error('Tab does not come there');
}

/** By the palette, which has every command by its name. */
export async function runCommand(page: Page, name: string): Promise<void> {
  await press(page, 'ControlOrMeta+k');
  await expectFocus(page.locator('.modal input'));
  await page.keyboard.type(name);
  await press(page, 'Enter');
}

/** Rows of tickets are shown. */
export function expectRows(page: Page): Promise<void> {
  return page.locator('.ticket-rows .cell-title').nth(10).waitFor(patience);
}
