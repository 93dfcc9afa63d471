/** The search of the list by keyboard: words as they are typed, terms completed, what can't be read, and what is found marked. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { endDesk, launchDesk, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: RunningDesk['page'];

beforeAll(async () => {
  desk = await launchDesk({ keepForSuite: true });
  ({ page } = desk);
  await seed(desk, [
    { title: 'Printer prints blank pages', name: 'Ada Lovelace', priority: 'High' },
    { title: 'Scanner offline', name: 'Bo', status: 'On Hold' },
    { title: 'Blank screen after the update', name: 'Cy', status: 'In Progress' },
  ]);
});
afterAll(() => endDesk(desk));

const box = () => page.getByRole('combobox', { name: 'Search tickets' });
const titles = () => page.locator('.ticket-rows .cell-title').allTextContents();
const proposals = () => page.getByRole('listbox', { name: 'Ways to go on' }).getByRole('option');
const options = () => proposals().allTextContents();
const found = (expected: string[]) => expect.poll(titles, { timeout: 5_000 }).toEqual(expected);

/** Types into the empty search box. */
async function search(text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
}

beforeEach(async () => {
  // A pointer over the list would hold it still.
  await page.mouse.move(1, 1);
  await box().fill('');
  await page.keyboard.press('Escape');
  // What came while the list was worked in waits above until the person goes to the view.
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect.poll(async () => (await titles()).length, { timeout: 5_000 }).toBeGreaterThan(2);
});

test('finds words as they are typed, in any order, and marks them in title and requester', async () => {
  await search('bla');
  await found(['Blank screen after the update', 'Printer prints blank pages']);
  await page.keyboard.type('nk ada pr');
  await found(['Printer prints blank pages']);
  await expect
    .poll(() => page.locator('.ticket-rows mark').allTextContents())
    .toEqual(['Pr', 'pr', 'blank', 'Ada']);
  await lookAt(desk, 'search-marks');
});

test('proposes terms and values, takes them by Tab, by Enter and by a click, and keeps the keys', async () => {
  await search('st');
  await expect.poll(options).toEqual(['status:']);
  await page.keyboard.press('Tab');
  await expect.poll(async () => (await options()).length).toBe(5);
  await lookAt(desk, 'search-completion');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await box().inputValue()).toBe('status:in-progress ');
  await found(['Blank screen after the update']);
  await page.keyboard.press('Backspace');
  await page.keyboard.type(',on');
  await proposals().filter({ hasText: 'status:in-progress,on-hold' }).click();
  await found(['Blank screen after the update', 'Scanner offline']);
  await page.keyboard.type('-scan');
  await found(['Blank screen after the update']);
});

test('Escape closes the proposals before it clears the box', async () => {
  await search('status:');
  await expect.poll(options).not.toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(options).toEqual([]);
  expect(await box().inputValue()).toBe('status:');
  await page.keyboard.press('Escape');
  expect(await box().inputValue()).toBe('');
});

test('says what can not be read, and finds by the rest', async () => {
  await search('blank priority:hot');
  const problem = page.getByRole('status', { name: "What of the search can't be read" });
  await expect.poll(() => problem.textContent()).toContain('expected: low, normal, high, urgent.');
  expect(await problem.locator('mark').textContent()).toBe('hot');
  await found(['Blank screen after the update', 'Printer prints blank pages']);
  await lookAt(desk, 'search-problem');
});

test('shows within a second what is filed elsewhere and found by the search', async () => {
  await search('priority:high');
  await found(['Printer prints blank pages']);
  await seed(desk, [
    { title: 'Filed with a low priority', priority: 'Low' },
    { title: 'Filed with a high one', priority: 'High' },
  ]);
  await expect
    .poll(titles, { timeout: 1_000 })
    .toEqual(['Filed with a high one', 'Printer prints blank pages']);
});

test('Enter goes from the box to the first that was found', async () => {
  await search('scanner');
  await found(['Scanner offline']);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-ticket-list')))
    .toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: /^#\d+$/ }).waitFor();
  await page.keyboard.press('Escape');
});

test('has the best match first, until another order is chosen, and says so', async () => {
  await seed(desk, [{ title: 'Where is it?', description: 'The blank form', name: 'Di' }]);
  const order = page.getByRole('combobox', { name: 'Order of the list' });
  await search('blank');
  await found(['Blank screen after the update', 'Printer prints blank pages', 'Where is it?']);
  expect(await order.inputValue()).toBe('RELEVANCE_DESC');
  await page.getByText(/best match$/).waitFor();
  await lookAt(desk, 'best-match');
  await order.selectOption('Newest first');
  await found(['Where is it?', 'Blank screen after the update', 'Printer prints blank pages']);
  await order.selectOption('Best match');
  await found(['Blank screen after the update', 'Printer prints blank pages', 'Where is it?']);
});

test('kept as a view, leaves the cursor on the first ticket of that', async () => {
  await search('blank screen');
  await found(['Blank screen after the update']);
  await page.keyboard.press('Enter');
  await page.keyboard.press('v');
  const dialog = page.getByRole('dialog', { name: 'Save as a view' });
  await dialog.getByLabel('Name').fill('Screens');
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: 'Screens tickets' }).waitFor();
  await expect.poll(() => box().inputValue()).toBe('');
  await found(['Blank screen after the update']);
  const ringed = page.locator('.ticket-row.active .cell-title');
  await expect.poll(() => ringed.allTextContents()).toEqual(['Blank screen after the update']);
});
