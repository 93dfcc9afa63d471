/** Filing a ticket, by keyboard and by mouse, and what the row says on the way. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchConnectedDesk, launchDesk, type RunningDesk } from './harness.ts';

const row = (page: Page, name: string) => page.getByRole('row', { name });
const untilFocused = (page: Page, field: string) =>
  page.waitForFunction((name) => document.activeElement?.getAttribute('data-field') === name, field);

/** Fills in the form by keyboard alone and files it. */
async function fileByKeyboard(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+n');
  await untilFocused(page, 'title');
  await page.keyboard.type(title);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Since Monday');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Control+Enter');
}

/** Every state that the row of this title shows, in order, from now on. */
async function watchStates(page: Page, title: string): Promise<() => Promise<string[]>> {
  await page.evaluate((wanted) => {
    const states: string[] = [];
    Object.assign(window, { states });
    const look = () => {
      const found = [...document.querySelectorAll('.ticket-row')].find((one) =>
        one.textContent?.includes(wanted),
      );
      const state = found?.getAttribute('data-state');
      if (state && states.at(-1) !== state) states.push(state);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }, title);
  return () => page.evaluate(() => (window as unknown as { states: string[] }).states);
}

const storedTickets = async (desk: RunningDesk) =>
  (await desk.graphql('{ tickets { title description name status } }')).data;

test('by keyboard alone: Ctrl+N, Tab, Ctrl+Enter; the row is there at once and gets its number', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  const states = await watchStates(page, 'Printer prints blank pages');
  await fileByKeyboard(page, 'Printer prints blank pages');

  await row(page, 'Printer prints blank pages').waitFor();
  await expect.poll(async () => (await states()).at(-1), { timeout: 10_000 }).toBe('STORED');
  // Never back: a state that was said stays true.
  const order = ['QUEUED', 'SENT', 'STORED'];
  expect(await states()).toEqual([...(await states())].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(await storedTickets(desk)).toEqual({
    tickets: [
      { title: 'Printer prints blank pages', description: 'Since Monday', name: 'Ada', status: 'New' },
    ],
  });
  expect(desk.pageErrors).toEqual([]);
});

test('by mouse, from an empty desk', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await page.getByRole('button', { name: 'File the first ticket' }).click();
  await page.getByLabel('Title').fill('Scanner offline');
  await page.getByLabel('Requester').fill('Bo');
  await page.getByRole('button', { name: 'File ticket' }).click();
  await row(page, 'Scanner offline').waitFor();
  await expect
    .poll(() => storedTickets(desk), { timeout: 10_000 })
    .toMatchObject({ tickets: [{ name: 'Bo' }] });
});

test('while the database still starts the ticket says that it is saved on this computer, then gets its number', async () => {
  const desk = await launchDesk();
  const { page } = desk;
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  // Frozen before it serves: the service can't take the create yet.
  const service = await desk.ticketServicePid();
  process.kill(service, 'SIGSTOP');
  await fileByKeyboard(page, 'Filed early');
  await expect
    .poll(() => row(page, 'Filed early').getAttribute('data-state'), { timeout: 10_000 })
    .toBe('QUEUED');
  await expect.poll(() => row(page, 'Filed early').textContent()).toContain('saved on this computer');
  process.kill(service, 'SIGCONT');
  await expect
    .poll(() => row(page, 'Filed early').getAttribute('data-state'), { timeout: 30_000 })
    .toBe('STORED');
});

test('what is missing is said beside its field, and nothing is filed', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await page.keyboard.press('Control+n');
  await untilFocused(page, 'title');
  await page.keyboard.press('Control+Enter');
  await page.locator('.invalid-feedback').first().waitFor();
  expect(await page.getByLabel('Title').getAttribute('aria-describedby')).toBeTruthy();
  await untilFocused(page, 'title');
  expect(await storedTickets(desk)).toEqual({ tickets: [] });
});

test('the menu files too: each of its commands reaches the page', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await desk.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-ticket')?.click());
  await untilFocused(page, 'title');
  await page.keyboard.type('From the menu');
  await page.getByLabel('Requester').fill('Ada');
  await desk.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('file-ticket')?.click());
  await row(page, 'From the menu').waitFor();
});

test('Esc leaves the form and keeps the text as a draft', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await page.keyboard.press('Control+n');
  await untilFocused(page, 'title');
  await page.keyboard.type('Half a thought');
  await page.keyboard.press('Escape');
  await page.getByLabel('Title').waitFor({ state: 'detached' });
  await page.keyboard.press('n');
  await untilFocused(page, 'title');
  expect(await page.getByLabel('Title').inputValue()).toBe('Half a thought');
});
