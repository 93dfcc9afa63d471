/** The last words typed are kept, though the page goes away before they are due to be written. */
import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freshFolder, launchConnectedDesk, launchDesk } from './harness.ts';
import { askInPage, openBrowser, serveProxy } from './web-harness.ts';

/** A race that is lost now and then shows in some rounds. */
const rounds = 5;

const titleOf = (page: Page) => page.locator('[data-field="title"]');
const untilOpen = (page: Page) => page.getByRole('navigation', { name: 'Views' }).waitFor();
const untilFocused = (page: Page) =>
  page.waitForFunction(() => document.activeElement?.getAttribute('data-field') === 'title');

async function openNewTicket(page: Page): Promise<void> {
  await untilOpen(page);
  // A reload has opened it already: the address says so.
  await page.evaluate(() => {
    location.hash = '#/new-ticket';
  });
  await untilFocused(page);
}

async function openEdit(page: Page): Promise<void> {
  await page.getByRole('row', { name: /Scanner/ }).click();
  const buttons = page.getByRole('button', { name: /^(Edit|Go on editing)$/ });
  await buttons.first().click();
  await untilFocused(page);
}

/** Types one word more and reloads at once, round after round; answers what should be there at the end. */
async function typeAndReload(page: Page, open: (page: Page) => Promise<void>): Promise<string> {
  await open(page);
  let typed = await titleOf(page).inputValue();
  for (let round = 1; round <= rounds; round += 1) {
    await page.keyboard.press('End');
    await page.keyboard.type(` word${round}`);
    typed += ` word${round}`;
    await page.reload();
    await open(page);
    expect(await titleOf(page).inputValue()).toBe(typed);
  }
  return typed;
}

const scanner = { title: 'Scanner', description: '', name: 'Ada' };
const create = 'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }';

test('of a new ticket and of an edit, when the window is reloaded at once', async () => {
  const { page, graphql } = await launchConnectedDesk();
  await graphql(create, { input: scanner });
  await typeAndReload(page, openNewTicket);
  await page.keyboard.press('Escape');
  await typeAndReload(page, openEdit);
});

test('of a new ticket, when the window is closed at once', async () => {
  const userData = await freshFolder();
  let typed = '';
  for (let round = 1; round <= 3; round += 1) {
    const desk = await launchDesk({ userData });
    await openNewTicket(desk.page);
    expect(await titleOf(desk.page).inputValue()).toBe(typed);
    await desk.page.keyboard.press('End');
    await desk.page.keyboard.type(`word${round} `);
    typed += `word${round} `;
    await desk.close();
  }
});

async function openFace(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

test('in a browser, when the page is reloaded, left or closed at once', async () => {
  const { url, nextLink } = await serveProxy();
  const context = await openBrowser();
  const page = await openFace(context, await nextLink());
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  await askInPage(page, { query: create, variables: { input: scanner } });
  await typeAndReload(page, openEdit);
  await page.keyboard.press('Escape');
  let typed = await typeAndReload(page, openNewTicket);

  const other = await openFace(context, url);
  await openNewTicket(other);
  await other.keyboard.press('End');
  await other.keyboard.type(' left');
  typed += ' left';
  await other.goto('about:blank');
  // The tab that stayed has it too, and does not write its older text over it.
  await expect.poll(() => titleOf(page).inputValue()).toBe(typed);

  const third = await openFace(context, url);
  await openNewTicket(third);
  expect(await titleOf(third).inputValue()).toBe(typed);
  await third.keyboard.press('End');
  await third.keyboard.type(' closed');
  typed += ' closed';
  const closed = third.waitForEvent('close');
  await third.close({ runBeforeUnload: true });
  await closed;
  await page.close();
  const last = await openFace(context, url);
  await openNewTicket(last);
  expect(await titleOf(last).inputValue()).toBe(typed);
});
