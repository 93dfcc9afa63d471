/** Typed text survives kill -9: a new ticket's, and a change to a ticket that is there. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freshFolder, launchConnectedDesk, launchDesk } from './harness.ts';

/** Types into the focused field and waits until the page says that the disk has it; answers how long that took. */
async function typeAndKeep(page: Page, text: string): Promise<number> {
  await page.keyboard.press('End');
  await page.keyboard.type(text);
  const typedAt = performance.now();
  await page.waitForSelector('[data-keeping="kept"]');
  return performance.now() - typedAt;
}

/** Waits until the disk says that no form is open. */
const kept = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const opening = indexedDB.open('ticket-desk');
            opening.onsuccess = () => {
              const request = opening.result.transaction('drafts').objectStore('drafts').get('open-form');
              request.onsuccess = () => {
                opening.result.close();
                resolve(request.result ?? null);
              };
            };
          }),
      ),
    )
    .toBeNull();

const fieldValue = (page: Page, field: string) => page.locator(`[data-field="${field}"]`).inputValue();
const untilOpen = (page: Page) => page.getByRole('navigation', { name: 'Views' }).waitFor();
const untilFocused = (page: Page, field: string) =>
  page.waitForFunction((name) => document.activeElement?.getAttribute('data-field') === name, field);

test('what was typed is on disk within a second of the last key, and comes back after kill -9', async () => {
  const userData = await freshFolder();
  const first = await launchDesk({ userData });
  await untilOpen(first.page);
  await first.page.keyboard.press('Control+n');
  await untilFocused(first.page, 'title');
  expect(await typeAndKeep(first.page, 'Printer prints blank pages')).toBeLessThan(1_000);
  await first.page.keyboard.press('Tab');
  await typeAndKeep(first.page, 'Since Monday');
  await first.crash();

  const second = await launchDesk({ userData });
  await untilOpen(second.page);
  await second.page.getByRole('heading', { name: 'New ticket' }).waitFor();
  await second.page.waitForSelector('[data-keeping="kept"]');
  expect(await fieldValue(second.page, 'title')).toBe('Printer prints blank pages');
  expect(await fieldValue(second.page, 'description')).toBe('Since Monday');
});

test('a change that was not saved is still there after kill -9, and the ticket is as it was', async () => {
  const userData = await freshFolder();
  const first = await launchConnectedDesk({ userData });
  const input = { title: 'Scanner', description: '', name: 'Ada' };
  await first.graphql('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', { input });
  await first.page.getByRole('row', { name: /Scanner/ }).click();
  await first.page.getByRole('button', { name: 'Edit' }).click();
  await untilFocused(first.page, 'title');
  await typeAndKeep(first.page, ' is offline');
  await first.crash();

  const second = await launchConnectedDesk({ userData });
  await second.page.getByRole('button', { name: 'Go on editing' }).click();
  await untilFocused(second.page, 'title');
  expect(await fieldValue(second.page, 'title')).toBe('Scanner is offline');
  expect((await second.graphql('{ tickets { title } }')).data).toEqual({ tickets: [{ title: 'Scanner' }] });
});

test('a form that was left with Esc stays away after kill -9; its draft is in the list', async () => {
  const userData = await freshFolder();
  const first = await launchDesk({ userData });
  await untilOpen(first.page);
  await first.page.keyboard.press('Control+n');
  await untilFocused(first.page, 'title');
  await typeAndKeep(first.page, 'Not now');
  await first.page.keyboard.press('Escape');
  await first.page.locator('[data-state=DRAFT]').waitFor();
  await kept(first.page);
  await first.crash();

  const second = await launchDesk({ userData });
  await untilOpen(second.page);
  await second.page.locator('[data-state=DRAFT]').waitFor();
  expect(await second.page.getByRole('heading', { name: 'New ticket' }).count()).toBe(0);
});
