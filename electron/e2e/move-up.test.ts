/** Tickets of this computer moved to a team's server from Settings, compared, and worked on there. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchConnectedDesk, openSettings } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';

let team: TeamServer;
beforeAll(async () => {
  team = await startTeamServer();
});
afterAll(() => team?.stop());

test('all tickets go to the team server, are told to be the same there, and are worked on there', async () => {
  await team.query(
    `insert into tickets (title, description, name, request_id) values ('Theirs', '', 'Di', gen_random_uuid())`,
  );
  const desk = await launchConnectedDesk();
  const { page, graphql } = desk;
  await seed(desk, [{ title: 'Printer', status: 'In Progress' }, { title: 'Scanner' }]);
  await graphql(
    `mutation ($id: ID!) { addComment(input: { requestId: $id, ticketId: 2, kind: NOTE, body: "New toner" }) { success } }`,
    { id: uuidv7() },
  );
  await openSettings({ page });
  const section = page.getByRole('group', { name: 'Move to a team server' });
  await section.getByRole('button', { name: 'Move tickets…' }).click();
  const field = (name: string) => section.getByLabel(name, { exact: true });
  await field('Ticket service').fill(team.service);
  await field('to the ticket service').check();
  await field('CA file').fill(team.caFile);
  await field('Token').fill(team.agentTokens.Ada);
  await lookAt(desk, 'move-up-where');
  await section.getByRole('button', { name: 'Move', exact: true }).click();
  await section.getByText(`All tickets are at ${team.service}, and are the same there.`).waitFor();
  await section.getByText('1 ticket has another number there').click();
  await section.getByText('#1 is #3').waitFor();
  await section.getByRole('row', { name: /^comments 1 / }).waitFor();
  await lookAt(desk, 'move-up-done');

  await section.getByRole('button', { name: 'Use the team server from now on' }).click();
  await page.getByText(`Saved. Tickets are kept by ${team.service}.`).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /Theirs/ }).waitFor();
  await page.getByRole('row', { name: /Scanner/ }).waitFor();
  await page.getByRole('row', { name: /Printer/ }).click();
  await page.getByText(/imported it, was #1/).waitFor();
  await lookAt(desk, 'move-up-ticket');
  await page.keyboard.press('/');
  await page.keyboard.type('#1');
  const found = page.getByRole('row').filter({ hasText: /Theirs|Scanner|Printer/ });
  await expect
    .poll(() => found.allTextContents())
    .toEqual([expect.stringContaining('Theirs'), expect.stringContaining('Printer')]);
  const told = await team.query<{ agent: string }>(
    `select agent from ticket_history where field = 'IMPORTED' group by agent`,
  );
  expect(told).toHaveLength(1);
});
