/**
 * Every screen in two sizes, light and dark, as pictures in test-results/screenshots; axe finds nothing
 * serious on any of them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deskForSuite, freshFolder, launchDesk, openSettings, type RunningDesk } from './harness.ts';
import { expectAccessible, lookAt, resize, takePicture, takeWindowPicture, zoomTo } from './looks.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;
let ids: number[];

deskForSuite((started) => {
  desk = started;
  page = desk.page;
});

// One screen that fails must not stand in the way of the next.
beforeEach(async () => {
  await page.goto('app://desk/');
  await page.reload();
  await page.getByText('connected', { exact: true }).waitFor();
});

const tickets = [
  {
    title: 'VPN drops at noon',
    description: 'Every day at noon, for a minute.\nThe log says "timeout".',
    name: 'Bo',
  },
  {
    title: 'Printer prints blank pages',
    description: 'Since Monday, on the third floor.',
    status: 'In Progress',
  },
  { title: 'Scanner offline', status: 'On Hold', name: 'Chidi' },
  { title: 'New laptop for Dana', status: 'Completed', name: 'Dana' },
  {
    title: `A title of two hundred characters: ${'the same words again and '.repeat(6)}end.`.padEnd(200, '!'),
    name: 'Ada',
  },
  { title: 'W'.repeat(200), name: 'N'.repeat(100) },
  { title: 'الطابعة لا تعمل منذ يوم الاثنين', description: 'مرحبا', name: 'ليلى' },
  { title: '<b>not bold</b> & "quoted"', description: '<script>alert(1)</script>', name: "O'Brien" },
];

const row = (name: string | RegExp) => page.getByRole('row', { name });
const press = (key: string) => page.keyboard.press(key);

test('an empty desk', async () => {
  await page.getByRole('button', { name: 'File the first ticket' }).waitFor();
  await lookAt(desk, 'empty');
  expect(desk.pageErrors).toEqual([]);
});

describe('a desk with tickets', () => {
  beforeAll(async () => {
    ids = await seed(desk, tickets);
  });

  test('the list', async () => {
    await row('Printer prints blank pages').waitFor();
    await row('الطابعة').waitFor();
    await lookAt(desk, 'list');
  });

  test('the form of a new ticket, empty and with its errors', async () => {
    await press('Control+n');
    await page.getByRole('heading', { name: 'New ticket' }).waitFor();
    await lookAt(desk, 'new-ticket');
    await press('Control+Enter');
    await page.locator('.invalid-feedback').first().waitFor();
    await lookAt(desk, 'new-ticket-errors');
    await page.getByLabel('Description').fill('x'.repeat(9_950));
    await lookAt(desk, 'new-ticket-long');
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('Draft discarded.').waitFor();
    await lookAt(desk, 'toast');
  });

  test('a ticket, read, edited, and in two versions', async () => {
    await row('VPN drops at noon').click();
    await page.getByRole('heading', { name: `#${ids[0]}` }).waitFor();
    await lookAt(desk, 'ticket');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('form', { name: 'Edit this ticket' }).waitFor();
    await lookAt(desk, 'ticket-edit');

    // Somebody else changes it meanwhile.
    await page.getByRole('textbox', { name: 'Title' }).fill('VPN drops at noon, mine');
    const input = { id: ids[0], title: 'VPN drops at noon, theirs', description: 'Solved itself.' };
    await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
      input,
    });
    await press('Control+Enter');
    await page.getByRole('form', { name: 'Choose between two versions' }).waitFor();
    await lookAt(desk, 'clash');
  });

  test('the status menu', async () => {
    await row('VPN drops at noon, theirs').click();
    await page.getByRole('button', { name: /^Status:/, disabled: false }).waitFor();
    await press('s');
    await page.locator('.dropdown-menu.show').waitFor();
    await lookAt(desk, 'status-menu');
  });

  test('a long title and a word without end beside the list', async () => {
    await row(/^.*WWWW/).click();
    await page.getByRole('heading', { name: `#${ids[5]}` }).waitFor();
    await lookAt(desk, 'long-word');
  });

  test('the outbox and the settings', async () => {
    await page.getByRole('button', { name: /^Outbox/ }).click();
    await page.getByText('Nothing waits').waitFor();
    await lookAt(desk, 'outbox-empty');
    await openSettings({ page });
    await lookAt(desk, 'settings');
  });

  test('the shortcuts, with a message over them', async () => {
    await press('Control+z');
    await page.getByText('There is nothing to undo.').waitFor();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('dialog').waitFor();
    await lookAt(desk, 'shortcuts');
  });

  test('the palette', async () => {
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).waitFor();
    await lookAt(desk, 'palette');
  });

  test('a search that finds nothing', async () => {
    await press('Control+f');
    await page.keyboard.type('no such thing');
    await page.getByRole('button', { name: 'Clear the search' }).waitFor();
    await lookAt(desk, 'nothing-found');
  });

  test('800 pixels wide, and text at 200 %', async () => {
    await row('Printer prints blank pages').click();
    await resize(desk, { width: 800, height: 800 });
    await takePicture(page, 'narrow-800x800-light');
    await expectAccessible(page);
    await resize(desk, { width: 1280, height: 800 });
    await zoomTo(desk, 2);
    await page.waitForFunction(() => innerWidth < 700);
    await takeWindowPicture(desk, 'zoom-200-light');
    await expectAccessible(page);
    await zoomTo(desk, 1);
  });
});

test('a desk that can not be opened', async () => {
  const userData = await freshFolder();
  await mkdir(join(userData, 'desk'));
  await writeFile(join(userData, 'desk', 'format.json'), '{"format":99}');
  const closed = await launchDesk({ userData });
  await closed.page.getByRole('alert').waitFor();
  await lookAt(closed, 'problem');
  const { width } = (await closed.page.getByRole('alert').boundingBox()) ?? { width: 0 };
  expect(width, 'the words of a page are in lines that can be read').toBeLessThan(500);
});
