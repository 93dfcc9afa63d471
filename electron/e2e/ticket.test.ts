/** Working a ticket: edited in place, two people at once, deleted and brought back. */
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { deskForSuite, type RunningDesk } from './harness.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;
let id: number;

deskForSuite((started) => {
  desk = started;
  page = desk.page;
});

beforeEach(async ({ task }) => {
  // Each test has a ticket of its own, with the list freshly shown.
  [id] = (await seed(desk, [{ title: `Ticket for ${task.id}`, description: 'As it was', name: 'Ada' }])) as [
    number,
  ];
  await page.goto(`app://desk/#/ticket/${id}`);
  await page.reload();
  await page.getByRole('heading', { name: `#${id}` }).waitFor();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
});

type Ticket = { title: string; description: string; name: string; status: string } | null;
const stored = async () =>
  (
    await desk.graphql<{ ticket: Ticket }>(
      'query ($id: Int!) { ticket(id: $id) { title description name status } }',
      { id },
    )
  ).data?.ticket;
const update = (input: object) =>
  desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input: { id, ...input },
  });

test('title, description and requester are edited where they stand', async () => {
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Title' }).fill('A better title');
  await page.getByLabel('Description').fill('More of it');
  await page.getByLabel('Requester').fill('Bo');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('form', { name: 'Edit this ticket' }).waitFor({ state: 'detached' });
  await expect.poll(stored).toEqual({
    title: 'A better title',
    description: 'More of it',
    name: 'Bo',
    status: 'New',
  });
});

test('the status is set by keyboard: s, an arrow, Enter', async () => {
  await page.keyboard.press('s');
  await page.locator('.dropdown-menu.show').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(stored).toMatchObject({ status: 'In Progress' });
  await page.getByRole('button', { name: 'Status: In Progress' }).waitFor();
});

test('two people change one ticket: nothing is overwritten, and the person chooses field by field', async () => {
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Title' }).fill('Mine');
  await update({ title: 'Theirs', description: 'Theirs too' });
  await page.keyboard.press('Control+Enter');

  const choice = page.getByRole('form', { name: 'Choose between two versions' });
  await choice.waitFor();
  expect(await stored()).toMatchObject({ title: 'Theirs', description: 'Theirs too' });

  await choice
    .getByRole('group', { name: /^Title/ })
    .getByLabel(/^Mine/)
    .check();
  await choice.getByRole('button', { name: 'Save what I chose' }).click();
  await choice.waitFor({ state: 'detached' });
  await expect.poll(stored).toMatchObject({ title: 'Mine', description: 'Theirs too' });
});

test('a ticket is deleted at once and brought back by Undo', async () => {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`#${id} was deleted.`).waitFor();
  await expect.poll(stored).toBeNull();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(stored).toMatchObject({ description: 'As it was' });
  await page.getByRole('heading', { name: `#${id}` }).waitFor();
});

test('Ctrl+Z brings it back too', async () => {
  await page.keyboard.press('Delete');
  await page.getByText(`#${id} was deleted.`).waitFor();
  await page.keyboard.press('Control+z');
  await expect.poll(stored).toMatchObject({ description: 'As it was' });
});
