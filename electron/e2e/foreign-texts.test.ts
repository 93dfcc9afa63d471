/** Texts that others typed: found however they were typed, and shown so that they hide and turn nothing. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { deskForSuite, type RunningDesk, restPointer } from './harness.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;

deskForSuite((started) => {
  desk = started;
  page = desk.page;
});

const cells = (name: string) => page.locator(`.ticket-rows:not(.ticket-heading) .cell-${name}`);
const titles = () => cells('title').allTextContents();
const update = (input: object) =>
  desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', { input });

test('a ticket whose text can not be seen shows that it is there', async () => {
  // As an older service, or an older desk, has stored it.
  await queryDatabase(
    desk.dataDir,
    `insert into tickets (title, description, name) values (e'\\u200b', e'\\u2060', e'\\u202e\\u00ad')`,
  );
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['(no visible text)']);
  expect(await cells('name').allTextContents()).toEqual(['(no visible text)']);
  await cells('title').first().click();
  const panel = page.locator('.detail-pane');
  await expect.poll(() => panel.locator('[data-field=title]').textContent()).toBe('(no visible text)');
  expect(await panel.locator('[data-field=description]').textContent()).toBe('No description.');
  // The list holds still while it is read.
  await page.keyboard.press('Escape');
  await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await restPointer(page);
  await desk.graphql('mutation { deleteTicket(input: { id: 1 }) { success } }');
  await expect.poll(titles, { timeout: 5_000 }).toEqual([]);
});

test('a text turns neither itself nor its neighbours around', async () => {
  const [id] = await seed(desk, [{ title: '\u202egnp.exe', name: '\u2069\u202eAda' }]);
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['gnp.exe']);
  /** The letters from left to right, as they are drawn. */
  const drawn = (name: string) =>
    cells(name)
      .first()
      .evaluate((cell) => {
        const letters: { letter: string; left: number }[] = [];
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          for (const [index, letter] of [...(node.textContent ?? '')].entries()) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + 1);
            letters.push({ letter, left: range.getBoundingClientRect().left });
          }
        }
        return letters
          .sort((a, b) => a.left - b.left)
          .map(({ letter }) => letter)
          .join('');
      });
  expect(await drawn('title')).toBe('gnp.exe');
  expect(await drawn('name')).toBe('Ada');
  await desk.graphql('mutation ($id: Int!) { deleteTicket(input: { id: $id }) { success } }', { id });
  await expect.poll(titles, { timeout: 5_000 }).toEqual([]);
});

test('what a search finds stays found when it changes, and what comes is found by the same rule', async () => {
  const [id] = await seed(desk, [{ title: '\u0130stanbul ofisi' }, { title: '\u039f\u0394\u039f\u03a3' }]);
  await page.keyboard.press('/');
  await page.keyboard.type('istanbul');
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['\u0130stanbul ofisi']);

  await update({ id, description: 'moved' });
  await seed(desk, [{ title: 'Berlin' }, { title: 'Mobilya, I\u0307STANBUL' }]);
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['Mobilya, I\u0307STANBUL', '\u0130stanbul ofisi']);

  await update({ id, title: 'Ankara ofisi' });
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['Mobilya, I\u0307STANBUL']);

  await page.getByRole('combobox', { name: 'Search tickets' }).fill('\u03bf\u03b4\u03bf\u03c2');
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['\u039f\u0394\u039f\u03a3']);
});
