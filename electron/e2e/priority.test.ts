/** A ticket's priority on its whole way: filed without a link, seen by its mark, changed, filtered and ordered by. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchConnectedDesk, restPointer } from './harness.ts';
import { lookAt } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';

const row = (page: Page, name: string) => page.getByRole('row', { name });
const priorityOf = (page: Page, name: string) => row(page, name).locator('[data-column="priority"]');
const titles = (page: Page) => page.locator('.ticket-rows .cell-title').allTextContents();

test('is filed offline, and shown, changed, filtered and ordered by', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await restPointer(page);
  await seed(desk, [{ title: 'Chair squeaks' }, { title: 'Mouse is slow' }]);
  await row(page, 'Mouse is slow').waitFor();
  const service = await holdTicketService(desk);

  await page.keyboard.press('Control+n');
  await page.getByLabel('Title').fill('Server room is hot');
  await page.getByLabel('Requester').fill('Ada');
  await page.getByLabel('Priority', { exact: true }).selectOption('Urgent');
  await lookAt(desk, 'priority-form');
  await page.keyboard.press('Control+Enter');
  await row(page, 'Server room is hot')
    .getByText(/saved on this computer/)
    .waitFor();
  service.release();
  await priorityOf(page, 'Server room is hot').getByText('Urgent').waitFor();
  await priorityOf(page, 'Chair squeaks').getByText('Normal').waitFor();

  await row(page, 'Mouse is slow').click();
  await page.getByRole('button', { name: 'Priority: Normal' }).click();
  await page.getByRole('menuitemradio', { name: 'Low' }).click();
  await page.getByRole('button', { name: 'Priority: Low' }).waitFor();
  await lookAt(desk, 'priority-open');
  await page.keyboard.press('Escape');

  await restPointer(page);
  const head = page.getByRole('button', { name: 'Priority', exact: true });
  await head.click();
  await expect.poll(() => titles(page)).toEqual(['Server room is hot', 'Chair squeaks', 'Mouse is slow']);
  await lookAt(desk, 'priority-list');
  await head.click();
  await expect.poll(() => titles(page)).toEqual(['Mouse is slow', 'Chair squeaks', 'Server room is hot']);
  await page.getByLabel('Filter by priority').selectOption('Urgent');
  await expect.poll(() => titles(page)).toEqual(['Server room is hot']);
  const { data } = await desk.graphql('{ tickets { title priority } }');
  expect(data).toEqual({
    tickets: [
      { title: 'Server room is hot', priority: 'Urgent' },
      { title: 'Mouse is slow', priority: 'Low' },
      { title: 'Chair squeaks', priority: 'Normal' },
    ],
  });
  expect(desk.pageErrors).toEqual([]);
});
