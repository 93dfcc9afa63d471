/** A desk of 5,000 tickets in use, moved by keyboard to a team's server over a link that breaks twice, and compared. */
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { type Fault, type Relay, startRelay } from '../../backend/testing/relay.ts';
import type { DesktopBridge, MoveStatus } from '../../proto/desktop-bridge.ts';
import { launchConnectedDesk, type RunningDesk } from '../e2e/harness.ts';
import { lookAt } from '../e2e/looks.ts';
import { startTeamServer, type TeamServer } from '../e2e/team-server.ts';
import { countText, patience, press, tabTo } from './hands.ts';
import { seededFolder } from './seeded-desk.ts';
import { type Steps, stepsOf } from './steps.ts';
import { expectSame, readWhole, summed } from './whole-tickets.ts';

const seeded = 5_000;
/** Of the team's own tickets, whose numbers are those of tickets that come. */
const theirs = 60;
const deleted = [7, 2_500, 2_501, 4_999];

const section = (page: Page) => page.getByRole('group', { name: 'Move to a team server' });

const statusOf = ({ page }: RunningDesk): Promise<MoveStatus | null> =>
  page.evaluate(async () => {
    const answer = await (window as unknown as { desk: DesktopBridge }).desk.moveStatus();
    return answer.ok ? answer.value : null;
  });

const sentBy = (desk: RunningDesk, tickets: number) =>
  expect
    .poll(async () => (await statusOf(desk))?.sent ?? 0, { ...patience, interval: 20 })
    .toBeGreaterThanOrEqual(tickets);

/** What a desk has that is in use: tickets that are gone, and one that a team's own desk has changed by hand. */
async function use({ graphql }: RunningDesk): Promise<void> {
  for (const id of deleted) {
    const { data } = await graphql<{ deleteTicket: { success: boolean } }>(
      'mutation ($input: DeleteTicket!) { deleteTicket(input: $input) { success } }',
      { input: { id } },
    );
    expect(data?.deleteTicket.success).toBe(true);
  }
}

async function begin({ page }: RunningDesk, team: TeamServer, service: string): Promise<void> {
  await press(page, 'ControlOrMeta+,');
  await tabTo(section(page).getByRole('button', { name: 'Move tickets…' }));
  await press(page, 'Enter');
  const field = (name: string) => section(page).getByLabel(name, { exact: true });
  const type = async (name: string, text: string) => {
    await tabTo(field(name));
    await press(page, 'ControlOrMeta+a');
    await page.keyboard.type(text);
  };
  await type('Ticket service', service);
  await tabTo(field('to the ticket service'));
  await press(page, 'Space');
  await type('CA file', team.caFile);
  await type('Token', team.agentTokens.Ada);
  await tabTo(section(page).getByRole('button', { name: 'Move', exact: true }));
  await press(page, 'Enter');
}

async function breakLink(desk: RunningDesk, relay: Relay, fault: Fault, { note }: Steps): Promise<void> {
  await relay.cut(fault);
  await expect.poll(async () => (await statusOf(desk))?.problem, patience).not.toBeNull();
  const { sent, problem } = (await statusOf(desk)) as MoveStatus;
  note(`cut (${fault}) when ${sent} were sent: ${problem}`);
  await section(desk.page).getByRole('status').scrollIntoViewIfNeeded();
  await lookAt(desk, `long-move-${fault}`);
  await relay.mend();
}

test('5,000 tickets are moved over a link that breaks twice, and are the same there, each once', async () => {
  const steps = stepsOf('move-up');
  const { step, note } = steps;
  const team = await startTeamServer();
  onTestFinished(() => team.stop());
  await team.query(
    `insert into tickets (title, description, name, request_id)
     select 'Theirs ' || n, '', 'Di', gen_random_uuid() from generate_series(1, ${theirs}) n`,
  );
  const relay = await startRelay({ to: team.service });
  onTestFinished(() => relay.close());
  const service = relay.address.replace('127.0.0.1', 'localhost');
  const userData = await step(`seeded ${countText(seeded)} tickets`, () => seededFolder(seeded));
  const desk = await step('started', () => launchConnectedDesk({ userData }));
  const { page } = desk;
  await use(desk);
  const here = await readWhole((sql) => queryDatabase(desk.dataDir, sql) as Promise<never[]>);
  note(`here are ${summed(here)}`);
  expect(here).toHaveLength(seeded - deleted.length);

  await begin(desk, team, service);
  await step('moved and compared, the cuts included', async () => {
    await sentBy(desk, 1_000);
    await breakLink(desk, relay, 'drop', steps);
    await sentBy(desk, 3_000);
    await breakLink(desk, relay, 'refuse', steps);
    await section(page).getByText(`All tickets are at ${service}, and are the same there.`).waitFor(patience);
  });
  const status = (await statusOf(desk)) as MoveStatus;
  for (const { part, sent, answered } of status.comparison)
    note(`${part}: sent ${sent.count} ${sent.checksum}, there ${answered.count} ${answered.checksum}`);
  const counts = status.comparison.map(({ sent, answered }) => [sent, answered]);
  for (const [sent, answered] of counts) expect(answered).toEqual(sent);
  await section(page).getByRole('status').scrollIntoViewIfNeeded();
  await lookAt(desk, 'long-move-done');

  const all = await readWhole(team.query);
  const ours = new Set(here.map(({ requestId }) => requestId));
  const there = all.filter(({ requestId }) => ours.has(requestId));
  note(`there are ${summed(there)}`);
  expect(all).toHaveLength(here.length + theirs);
  const clashing = new Set(here.filter(({ number }) => number <= theirs).map(({ requestId }) => requestId));
  expectSame(there, here, (requestId) => clashing.has(requestId));
  expect(status.renumbered.count).toBe(clashing.size);
  note(`${clashing.size} tickets had numbers that were taken`);

  await tabTo(section(page).getByRole('button', { name: 'Use the team server from now on' }));
  await press(page, 'Enter');
  await page.getByText(`Saved. Tickets are kept by ${service}.`).waitFor(patience);
  await page.locator('.ticket-rows .cell-title', { hasText: 'Theirs 60' }).waitFor(patience);
  await press(page, 'Escape', '/');
  await page.keyboard.type('#3');
  const ticket = here.find(({ number }) => number === 3)?.ticket.title as string;
  await expect
    .poll(() => page.locator('.ticket-rows:not(.ticket-heading) .cell-title').allTextContents(), patience)
    .toEqual([expect.stringContaining('Theirs 3'), expect.stringContaining(ticket)]);
  await lookAt(desk, 'long-move-former-number');
  expect(desk.pageErrors).toEqual([]);
});
