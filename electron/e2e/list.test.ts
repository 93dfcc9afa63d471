/** The list and its views follow what happens elsewhere, and the theme follows the person. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { deskForSuite, holdByPointer, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;

deskForSuite((started) => {
  desk = started;
  page = desk.page;
});

/** With its number, which the button "New" above the views has not. */
const view = (name: string) =>
  page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: new RegExp(`^${name} *\\d+$`) });
const count = async (name: string) => Number(/\d+$/.exec((await view(name).textContent()) ?? '')?.[0]);
const titles = () => page.locator('.ticket-rows:not(.ticket-heading) .cell-title').allTextContents();

test('a ticket that comes from elsewhere is in the list within a second, and so is each change', async () => {
  const [id] = await seed(desk, [{ title: 'From elsewhere' }]);
  await expect.poll(titles, { timeout: 1_000, interval: 20 }).toEqual(['From elsewhere']);

  await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input: { id, title: 'Changed elsewhere' },
  });
  await expect.poll(titles, { timeout: 1_000, interval: 20 }).toEqual(['Changed elsewhere']);

  await desk.graphql('mutation ($input: DeleteTicket!) { deleteTicket(input: $input) { success } }', {
    input: { id },
  });
  await expect.poll(titles, { timeout: 1_000, interval: 20 }).toEqual([]);
});

test('each view shows its tickets and counts them, and a key leads to it', async () => {
  await seed(desk, [
    { title: 'One' },
    { title: 'Two', status: 'In Progress' },
    { title: 'Three', status: 'On Hold' },
    { title: 'Four', status: 'Completed' },
    { title: 'Five', status: 'Completed' },
  ]);
  await expect.poll(() => count('Completed'), { timeout: 5_000 }).toBe(2);
  expect(await Promise.all(['Open', 'New', 'In Progress', 'On Hold'].map(count))).toEqual([3, 1, 1, 1]);

  for (const [keys, shown] of [
    ['gp', ['Two']],
    ['gh', ['Three']],
    ['gc', ['Five', 'Four']],
    ['gn', ['One']],
    ['go', ['Three', 'Two', 'One']],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await expect.poll(titles, { timeout: 5_000 }).toEqual(shown);
  }
});

test('the list holds still while it is read, and says what came', async () => {
  await holdByPointer(page);
  const before = await titles();
  await seed(desk, [{ title: 'Came meanwhile' }]);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect(await titles()).toEqual(before);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect.poll(titles).toEqual(['Came meanwhile', ...before]);
  await page.mouse.move(1, 1);
});

test('j, k and Enter walk the list; Esc goes back a level', async () => {
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: /^#\d+$/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 2, name: /^#\d+$/ }).waitFor({ state: 'detached' });
});

test('a search narrows the list, and Esc in it clears it', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('thre');
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['Three']);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await titles()).length, { timeout: 5_000 }).toBe(4);
});

test('a search is kept as a view by keyboard, put in order, and there again after a reload', async () => {
  const keep = async (name: string, key: string) => {
    await page.keyboard.press('v');
    const dialog = page.getByRole('dialog', { name: 'Save as a view' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Key after g').selectOption(key);
    if (key === 'q') await lookAt(desk, 'view-save');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  };
  const own = () => page.locator('.saved-view .nav-link').allTextContents();
  // The box still has the keys.
  await page.keyboard.type('t');
  await expect.poll(titles, { timeout: 5_000 }).toEqual(['Three', 'Two']);
  await page.keyboard.press('Enter');
  await keep('With a T', 'q');
  await expect.poll(own).toEqual(['With a T2']);
  expect(await page.getByRole('combobox', { name: 'Search tickets' }).inputValue()).toBe('');
  const status = page.getByRole('button', { name: 'Status' });
  await status.press('Enter');
  const changed = page.getByRole('region', { name: 'Changed view' });
  await expect.poll(titles).toEqual(['Two', 'Three']);
  expect(await status.evaluate((head) => head === document.activeElement)).toBe(true);
  await lookAt(desk, 'view-changed');
  await changed.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(titles).toEqual(['Three', 'Two']);
  await changed.waitFor({ state: 'detached' });
  await status.click();
  await changed.waitFor();
  await keep('By status', '1');

  await page.locator('.saved-view .nav-link').nth(1).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(own).toEqual(['By status2', 'With a T2']);
  await page
    .getByRole('listitem')
    .filter({ hasText: 'By status' })
    .dragTo(page.getByText('With a T'), {
      targetPosition: { x: 5, y: 18 },
    });
  await expect.poll(own).toEqual(['With a T2', 'By status2']);
  await page.locator('.saved-view .nav-link').nth(1).focus();
  await page.keyboard.press('Alt+ArrowUp');
  const stored = async () =>
    (await desk.graphql<{ views: { name: string }[] }>('{ views { name } }')).data?.views.map(
      ({ name }) => name,
    );
  await expect.poll(stored).toEqual(['By status', 'With a T']);
  await page.reload();
  await expect.poll(own).toEqual(['By status2', 'With a T2']);
  await expect.poll(titles).toEqual(['Two', 'Three']);
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await expect.poll(titles).toEqual(['Three', 'Two']);
});

test('a view whose agent and tag are gone says so, and opens all the same', async () => {
  const name = 'Of Zoe, who has left, with what was hers until then';
  const input = { id: randomUUID(), name, query: 'one assignee:zoe tag:gone', shared: true };
  await desk.graphql('mutation ($input: SaveView!) { saveView(input: $input) { success } }', { input });
  await page.reload();
  await page.getByRole('button', { name: /^Of Zoe/ }).click();
  const note = page.getByRole('status', { name: "What of the view can't be read" });
  await expect.poll(() => note.textContent()).toMatch(/“zoe” is not known.*“gone”/);
  await page.getByText(`No ticket is in “${name}”`).waitFor();
  // A name that is too long for its place is cut, and pushes no count out of sight.
  const isCut = (element: Element) => element.scrollWidth > element.clientWidth;
  expect(await page.getByText(name, { exact: true }).first().evaluate(isCut)).toBe(true);
  expect(await page.locator('.sidebar .overflow-auto').evaluate(isCut)).toBe(false);
  const button = page.getByRole('button', { name: `What to do with the view “${name}”` });
  await button.click();
  const gap = async () => {
    const [from, menu] = await Promise.all([
      button.boundingBox(),
      page.locator('.dropdown-menu.show').boundingBox(),
    ]);
    return from && menu && { x: menu.x - from.x, y: menu.y - from.y - from.height };
  };
  await expect.poll(async () => Math.abs((await gap())?.x ?? 999)).toBeLessThan(10);
  expect(Math.abs((await gap())?.y ?? 999)).toBeLessThan(10);
  await lookAt(desk, 'view-menu');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
});

test('the theme is chosen, kept over a restart of the page, and follows the system again', async () => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.bsTheme);
  const choose = (id: string) =>
    desk.app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id);
  await page.emulateMedia({ colorScheme: 'light' });
  await choose('theme-dark');
  await expect.poll(theme).toBe('dark');
  await page.reload();
  await expect.poll(theme).toBe('dark');
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await choose('theme-system');
  await expect.poll(theme).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
});
