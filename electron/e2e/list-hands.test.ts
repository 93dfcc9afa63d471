/** The list under a person's hands: what is read does not move, and what was held back comes whole. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { boxOf, overlap, wordsOf } from './boxes.ts';
import { deskForSuite, holdByPointer, listIsRead, type RunningDesk, restPointer } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;

deskForSuite(async (started) => {
  desk = started;
  page = desk.page;
  await seed(
    desk,
    Array.from({ length: 120 }, (_, index) => ({ title: `Old ${index + 1}` })),
  );
});

const titles = async (count = 12) =>
  (
    await page
      .locator('.ticket-rows:not(.ticket-heading) .ticket-row:not([data-state="DRAFT"]) .cell-title')
      .allTextContents()
  ).slice(0, count);

test('what came while the pointer was over the list comes in when it leaves', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect.poll(() => titles(1)).toEqual(['Old 120']);
  await seed(
    desk,
    Array.from({ length: 6 }, (_, index) => ({ title: `Before ${index + 1}` })),
  );
  await expect.poll(() => titles(7)).toEqual([6, 5, 4, 3, 2, 1].map((n) => `Before ${n}`).concat('Old 120'));
  await holdByPointer(page);
  await seed(
    desk,
    Array.from({ length: 3 }, (_, index) => ({ title: `Held ${index + 1}` })),
  );
  const pill = page.getByRole('button', { name: '3 new' });
  await pill.waitFor();
  // The list has a scroll bar, by which its columns lie elsewhere than in a short one.
  const pillBox = await boxOf(pill);
  for (const words of await wordsOf(page.getByRole('columnheader')))
    expect(overlap(pillBox, words)).toBe(false);
  expect(await titles(2)).toEqual(['Before 6', 'Before 5']);
  await restPointer(page);
  await expect.poll(() => titles(4)).toEqual(['Held 3', 'Held 2', 'Held 1', 'Before 6']);
  await seed(desk, [{ title: 'Later' }]);
  await expect.poll(() => titles(5)).toEqual(['Later', 'Held 3', 'Held 2', 'Held 1', 'Before 6']);
});

test('a pointer that was over the list before it was shown is seen there', async () => {
  await page.getByRole('grid').hover();
  // Another list, with another in between that has no rows.
  for (const key of ['g', 'h', 'g', 'o']) await page.keyboard.press(key);
  // The titles alone may still be those of the list before the first key.
  await page.locator('.sidebar [aria-current=page]', { hasText: 'Open' }).waitFor();
  await expect.poll(() => titles(1)).toEqual(['Later']);
  // What is read because somebody goes to a list may move, wherever the pointer is.
  await listIsRead(page);
  await seed(desk, [{ title: 'Under the pointer' }]);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  await page.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => titles(2)).toEqual(['Under the pointer', 'Later']);
  await restPointer(page);
});

test('rows are chosen by the pointer: one by its box, a range with Shift, one more with Ctrl', async () => {
  const chosen = () => page.locator('.ticket-rows > [aria-selected=true] .cell-title').allTextContents();
  const rowOf = (title: string) => page.locator('.ticket-row', { hasText: new RegExp(`${title} ?Ada`) });
  await rowOf('Held 3').hover();
  await rowOf('Held 3').getByRole('checkbox').click();
  expect(await chosen()).toEqual(['Held 3']);
  await rowOf('Held 1').click({ modifiers: ['Shift'] });
  await rowOf('Before 6').click({ modifiers: ['Control'] });
  await rowOf('Held 2').getByRole('checkbox').click();
  expect(await chosen()).toEqual(['Held 3', 'Held 1', 'Before 6']);
  // None of it has opened a ticket, nor taken the keys away from the list.
  expect(await page.locator('.panel-frame').count()).toBe(0);
  const chosenBar = page.getByRole('toolbar', { name: 'Chosen tickets' });
  await chosenBar.getByText('3 chosen').waitFor();
  await lookAt(desk, 'chosen');
  await page.getByRole('checkbox', { name: 'Choose all that match' }).click();
  await chosenBar.getByText(/^All 13\d that match chosen$/).waitFor();
  await lookAt(desk, 'chosen-all');
  await page.getByRole('button', { name: 'Clear' }).click();
  expect(await chosen()).toEqual([]);
  await restPointer(page);
});

test("one's own new ticket gives way to a newer one", async () => {
  await page.keyboard.press('n');
  await page.getByLabel('Title').fill('Mine');
  await page.getByLabel('Requester').fill('Ada');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => titles(1)).toEqual(['Mine']);
  await expect.poll(() => page.getByRole('row', { name: 'Mine' }).getAttribute('data-state')).toBe('STORED');
  await page.keyboard.press('Escape');
  await restPointer(page);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await seed(desk, [{ title: 'Newer' }]);
  await expect.poll(() => titles(2)).toEqual(['Newer', 'Mine']);
});

test('while the keyboard is in the list nothing moves, however much arrives', async () => {
  await page.getByRole('grid').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const before = await titles(5);
  const active = () => page.locator('.ticket-row.active').textContent();
  const ringed = await active();
  await seed(
    desk,
    Array.from({ length: 120 }, (_, index) => ({ title: `Burst ${index + 1}` })),
  );
  await page.getByRole('button', { name: '120 new' }).waitFor();
  expect(await titles(5)).toEqual(before);
  expect(await active()).toBe(ringed);
});
