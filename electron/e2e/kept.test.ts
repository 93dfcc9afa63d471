/** What was seen lately is there without a link: after a start without the team's server, and while the link is away. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { launchConnectedDesk, launchDesk, restPointer, startedFolder } from './harness.ts';
import { lookAt, takePicture } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';
import { startTeamServer } from './team-server.ts';

const titles = (page: Page) =>
  page.locator('.ticket-rows:not(.ticket-heading) .cell-title').allTextContents();
const shows = (page: Page, expected: string[]) => expect.poll(() => titles(page)).toEqual(expected);
const asOf = (page: Page) =>
  page.locator('section[aria-label="Tickets"] footer').getByText(/^as of \d\d:\d\d ·/);
const search = (page: Page, text: string) =>
  page.getByRole('combobox', { name: 'Search tickets' }).fill(text);

const tickets = [
  { title: 'Printer prints blank pages', description: 'On floor 3, since Monday', priority: 'High' },
  { title: 'VPN drops at noon', priority: 'Urgent' },
  { title: 'Scanner offline' },
];
const newestFirst = ['Scanner offline', 'VPN drops at noon', 'Printer prints blank pages'];

test("after a start with the team's server away, list and ticket are there, and a search finds in them", async () => {
  const team = await startTeamServer();
  let stopped: Promise<void> | undefined;
  const stopTeam = () => {
    stopped ??= team.stop();
    return stopped;
  };
  onTestFinished(stopTeam);
  const userData = await startedFolder();
  const caFile = join(userData, 'ca.pem');
  await copyFile(team.caFile, caFile);
  const env = { GRPC_ADDRESS: team.service, GRPC_TLS_CA: caFile, API_TOKEN: team.token };
  const before = await launchConnectedDesk({ userData, env });
  await restPointer(before.page);
  await seed(before, tickets);
  await shows(before.page, newestFirst);
  await before.page.getByRole('row', { name: /Printer/ }).click();
  await before.page.getByText('On floor 3, since Monday').waitFor();
  await before.graphql('mutation ($input: AddComment!) { addComment(input: $input) { success } }', {
    input: { ticketId: 1, kind: 'NOTE', body: 'Toner is from the wrong batch' },
  });
  await before.page.getByText('Toner is from the wrong batch').waitFor();
  await before.close();
  await stopTeam();

  const desk = await launchDesk({ userData, env });
  const { page } = desk;
  await shows(page, newestFirst);
  await asOf(page).waitFor();
  await restPointer(page);
  await search(page, 'PRÍNTER');
  await shows(page, ['Printer prints blank pages']);
  await page.getByRole('row', { name: /Printer/ }).click();
  await page.getByText('On floor 3, since Monday').waitFor();
  await page
    .locator('.panel-frame')
    .getByText(/as of \d\d:\d\d/)
    .waitFor();
  await page.getByText('Toner is from the wrong batch').waitFor();
  await takePicture(page, 'kept-ticket');
  await search(page, 'nowhere');
  await page.getByText('Without a link, only tickets that were seen lately are searched.').waitFor();
  await lookAt(desk, 'kept-not-found');
  await search(page, '');
  await shows(page, newestFirst);
  await asOf(page).waitFor();
});

test('while the link is away another view and a filter show what was seen, and all is read anew when it is back', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await restPointer(page);
  await seed(desk, [...tickets, { title: 'Was done', status: 'Completed' }]);
  await shows(page, newestFirst);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await shows(page, ['Was done']);
  const service = await holdTicketService(desk);
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await shows(page, newestFirst);
  await asOf(page).waitFor();
  await page.getByLabel('Filter by priority').selectOption('Urgent');
  await shows(page, ['VPN drops at noon']);
  await page.getByRole('row', { name: /VPN/ }).click();
  await page
    .locator('.panel-frame')
    .getByText(/as of \d\d:\d\d/)
    .waitFor();
  await page.getByText('What was said and done here was not read before').waitFor();
  await lookAt(desk, 'kept');
  service.release();
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  await asOf(page).waitFor({ state: 'detached' });
  await shows(page, ['VPN drops at noon']);
});

test('at a start, what came meanwhile comes in wherever the pointer lies: nobody is reading yet', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await seed(desk, tickets);
  await page.getByRole('grid').hover();
  await expect.poll(() => page.getByRole('row', { name: /VPN/ }).count()).toBe(1);
  const service = await holdTicketService(desk);
  await queryDatabase(
    desk.dataDir,
    "insert into tickets (title, description, status, name) values ('Came meanwhile', '', 'New', 'Ada')",
  );
  await page.reload();
  await asOf(page).waitFor();
  service.release();
  await asOf(page).waitFor({ state: 'detached', timeout: 30_000 });
  await shows(page, ['Came meanwhile', ...newestFirst]);
});
