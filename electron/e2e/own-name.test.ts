/** Who works at a desk: asked once, changed in the settings, or told by a team's token. */
import { expect, onTestFinished, test } from 'vitest';
import { hashedLine } from '../../backend/secrets.ts';
import { startTestPostgres } from '../../backend/testing/postgres.ts';
import { startTestService } from '../../backend/ticket-service/testing/service.ts';
import {
  expectConnected,
  freshFolder,
  launchConnectedDesk,
  launchDesk,
  openSettings,
  type RunningDesk,
} from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

const note = ({ page }: RunningDesk) => page.getByRole('region', { name: 'Your name' });
const nameField = ({ page }: RunningDesk) => page.getByRole('textbox', { name: 'Your name' });

/** By whom each change of this ticket was made. */
async function authors(desk: RunningDesk, id: number): Promise<string[]> {
  const { data } = await desk.graphql<{
    ticket: { history: { edges: { node: { field: string; by: { name: string } } }[] } };
  }>('query ($id: Int!) { ticket(id: $id) { history { edges { node { field by { name } } } } } }', { id });
  return data?.ticket.history.edges.map(({ node }) => `${node.field} ${node.by.name}`) ?? [];
}

test('the first start asks once, in one line, and every change from then on has the name', async () => {
  const userData = await freshFolder();
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;
  await note(desk)
    .getByText(/^You work here as \S+\.$/)
    .waitFor();
  const [early = 0] = await seed(desk, [{ title: 'Filed before the answer' }]);
  await lookAt(desk, 'own-name-asked');

  // By keyboard alone: the name, an empty one, and the way back.
  await note(desk).getByRole('button', { name: 'Change' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => nameField(desk).evaluate((field) => field === document.activeElement)).toBe(true);
  await nameField(desk).fill(' ');
  await page.keyboard.press('Enter');
  await note(desk).getByText('Give your name').waitFor();
  await lookAt(desk, 'own-name-problem');
  await page.keyboard.press('Escape');
  await note(desk).getByRole('button', { name: 'Change' }).click();
  await nameField(desk).fill('Ada Lovelace');
  await page.keyboard.press('Enter');
  await note(desk).waitFor({ state: 'detached' });
  await page.getByText('Saved. You work here as Ada Lovelace.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.closest('[data-ticket-list]') !== null)).toBe(
    true,
  );

  const [late = 0] = await seed(desk, [{ title: 'Filed after it', status: 'On Hold' }]);
  expect(await authors(desk, late)).toEqual(['CREATED Ada Lovelace', 'status Ada Lovelace']);
  // One person, under one id.
  expect(await authors(desk, early)).toEqual(['CREATED Ada Lovelace']);
  await desk.close();

  const again = await launchConnectedDesk({ userData });
  await again.page.getByRole('row', { name: 'Filed after it' }).waitFor();
  expect(await note(again).count()).toBe(0);
  await openSettings(again);
  expect(await nameField(again).inputValue()).toBe('Ada Lovelace');
  await lookAt(again, 'own-name-settings');
  await nameField(again).fill('Ada King');
  await again.page.getByRole('button', { name: 'Save', exact: true }).click();
  await again.page.getByText('Saved. You work here as Ada King.').waitFor();
  expect((await again.graphql('{ me { name } }')).data).toEqual({ me: { name: 'Ada King' } });
  expect([...desk.pageErrors, ...again.pageErrors]).toEqual([]);
});

test("OK takes the system's name, and a start after that asks no more", async () => {
  const folder = await freshFolder();
  const desk = await launchConnectedDesk({ userData: folder });
  await note(desk).getByRole('button', { name: 'OK' }).click();
  await note(desk).waitFor({ state: 'detached' });
  await desk.close();
  const again = await launchConnectedDesk({ userData: folder });
  await again.page.getByRole('button', { name: 'File the first ticket' }).waitFor();
  expect(await note(again).count()).toBe(0);
});

test("a team's token with a name says who works there, and the settings say so", async () => {
  const postgres = await startTestPostgres();
  const token = 'a-token-that-is-bo-s-own';
  const service = await startTestService({
    postgresUrl: await postgres.createDatabase(),
    apiTokens: [hashedLine(token, { name: 'Bo from the desk', lastDay: undefined })],
  });
  onTestFinished(async () => {
    await service.stop();
    await postgres.stop();
  });
  const desk = await launchDesk({
    userData: await freshFolder(),
    env: { GRPC_ADDRESS: service.address, API_TOKEN: token },
  });
  await expectConnected(desk);
  expect(await note(desk).count()).toBe(0);
  const [id = 0] = await seed(desk, [{ title: 'For the team', status: 'On Hold' }]);
  expect(await authors(desk, id)).toEqual(['CREATED Bo from the desk', 'status Bo from the desk']);
  await openSettings(desk);
  await desk.page
    .getByText('You work here as Bo from the desk. That is the name of your token')
    .scrollIntoViewIfNeeded();
  expect(await nameField(desk).count()).toBe(0);
  await lookAt(desk, 'own-name-token');
});
