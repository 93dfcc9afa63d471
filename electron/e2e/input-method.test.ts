/**
 * Who writes Japanese, Chinese or Korean composes characters with Enter, Escape and the arrows. Those presses
 * belong to the input method, in every place where text is typed.
 */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endDesk, expectConnected, launchDesk, type RunningDesk } from './harness.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;
let chromium: CDPSession;

beforeAll(async () => {
  desk = await launchDesk({ keepForSuite: true });
  page = desk.page;
  await expectConnected(desk);
  await seed(desk, [{ title: 'かな入力ができない' }]);
  chromium = await page.context().newCDPSession(page);
});
afterAll(async () => {
  if (desk) await endDesk(desk);
});

/** What the input method shows under the cursor, not taken yet. */
const compose = (text: string) =>
  chromium.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
/** Ends the composition with this text. */
const take = (text: string) => chromium.send('Input.insertText', { text });
const value = (place: string) => page.locator(place).inputValue();

/** Keys as they reach the page while a character is composed, by their names and as systems hide them. */
async function pressComposing(): Promise<void> {
  for (const key of ['ArrowDown', 'ArrowUp', 'Enter', 'Escape']) {
    await page.keyboard.press(key);
    for (const type of ['rawKeyDown', 'keyUp'] as const) {
      await chromium.send('Input.dispatchKeyEvent', {
        type,
        key: 'Process',
        code: key,
        windowsVirtualKeyCode: 229,
      });
    }
  }
}

test('in the search box they neither empty it nor leave it', async () => {
  await page.getByRole('combobox', { name: 'Search tickets' }).focus();
  await compose('かな');
  await pressComposing();
  expect(await value('[type=search]')).toBe('かな');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  await take('かな');
  await page.keyboard.press('Escape');
  expect(await value('[type=search]')).toBe('');
});

test('in the palette they run nothing, choose nothing and close nothing', async () => {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: 'Command' });
  await palette.waitFor();
  const chosen = () => palette.getAttribute('aria-activedescendant');
  await compose('s');
  const before = await chosen();
  await pressComposing();
  expect(await palette.inputValue()).toBe('s');
  expect(await chosen()).toBe(before);
  expect(await page.locator('.panel-frame').count()).toBe(0);
  await take('s');
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
});

test('in the forms they neither file, nor save, nor leave', async () => {
  await page.keyboard.press('Control+n');
  const form = page.getByRole('heading', { name: 'New ticket' });
  await form.waitFor();
  for (const field of ['title', 'description', 'name']) {
    await page.locator(`[data-field=${field}]`).focus();
    await compose('かな');
    await pressComposing();
    expect(await value(`[data-field=${field}]`)).toBe('かな');
    await take('かな');
  }
  expect(await form.isVisible()).toBe(true);
  expect((await desk.graphql('{ outbox { waiting } tickets { id } }')).data).toMatchObject({
    outbox: { waiting: 0 },
    tickets: [{}],
  });
  await page.getByRole('button', { name: 'Discard draft' }).click();

  await page.getByRole('row', { name: 'かな' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.locator('[data-field=title]').focus();
  await compose('か');
  await pressComposing();
  expect(await page.getByRole('form', { name: 'Edit this ticket' }).isVisible()).toBe(true);
});
