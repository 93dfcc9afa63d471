/** The settings' profiles in the real window: a team's server, checked as it is typed, and what a switch does. */
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startSmallService } from '../../backend/proxy/testing/small-service.ts';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import {
  launchConnectedDesk,
  launchDesk,
  openSettings,
  type RunningDesk,
  restPointer,
  startedFolder,
} from './harness.ts';
import { lookAt, takePicture } from './looks.ts';
import { seed } from './seed.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';

declare const window: Window & { desk: DesktopBridge };

let team: TeamServer;
beforeAll(async () => {
  team = await startTeamServer();
});
afterAll(() => team?.stop());

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const service = (page: Page) => field(page, 'Ticket service');
const save = (page: Page) => page.getByRole('button', { name: 'Save and connect' });

/** Waits until something was found out at an address, and that it is this. */
async function expectCheck(page: Page, code: string): Promise<void> {
  await page.locator(`[data-check="${code}"]`).waitFor({ timeout: 20_000 });
}

async function chooseTeam(desk: RunningDesk): Promise<void> {
  await openSettings(desk);
  await desk.page.getByLabel('Team server').check();
}

test('a team server by TLS and token: checked as it is typed, used, and remembered', async () => {
  const userData = await startedFolder();
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;
  await chooseTeam(desk);
  await service(page).fill(team.service);
  await expectCheck(page, 'needs-tls');
  await page.getByLabel('to the ticket service').check();
  await expectCheck(page, 'wrong-authority');
  await field(page, 'CA file').fill(team.caFile);
  await expectCheck(page, 'needs-token');
  await field(page, 'Token').fill('too-short');
  await field(page, 'Token').blur();
  await page.getByText('The token needs at least 16 characters.').waitFor();
  await field(page, 'Token').fill('not-the-token-of-the-team');
  await expectCheck(page, 'wrong-token');
  await lookAt(desk, 'settings-team-wrong-token');
  await field(page, 'Token').fill(team.token);
  await page.getByText(/^Ticket Desk service 0\.1\.0, \d+ ms$/).waitFor();
  await field(page, 'NSQ (optional)').fill(team.nsqd);
  await page.getByText(/^nsqd \d\S+, \d+ ms$/).waitFor();
  await lookAt(desk, 'settings-team');
  await save(page).click();
  await page.getByText(`Saved. Tickets are kept by ${team.service}.`).waitFor();
  await page.getByText('connected', { exact: true }).waitFor();
  await page.getByText('One is kept. It is not shown.').waitFor();

  // By the queue, and stored by the team's service.
  const filed = await desk.graphql(
    'mutation { createTicket(input: { title: "For the team", description: "", name: "Ada" }) { state } }',
  );
  expect(filed.data).toEqual({ createTicket: { state: 'QUEUED' } });
  await expect
    .poll(async () => (await desk.graphql('{ tickets { title } outbox { waiting } }')).data, {
      timeout: 20_000,
    })
    .toEqual({ tickets: [{ title: 'For the team' }], outbox: { waiting: 0 } });

  // Neither in the page nor in the file; on a machine without a keychain not kept at all, and the page has said so.
  expect(await page.content()).not.toContain(team.token);
  const boot = await page.evaluate(() => window.desk.boot());
  expect(JSON.stringify(boot)).not.toContain(team.token);
  const hasKeychain = boot.ok && boot.value.settings.keychainProblem === null;
  await desk.close();
  const text = await readFile(join(userData, 'settings.json'), 'utf8');
  expect(text).not.toContain(team.token);
  expect(JSON.parse(text)).toMatchObject({
    profile: 'team',
    team: { ticketServiceAddress: team.service, nsqdAddress: team.nsqd, tls: true, caFile: team.caFile },
  });

  expect('token' in JSON.parse(text)).toBe(hasKeychain);
  const again = await launchDesk({ userData, ...(!hasKeychain && { env: { API_TOKEN: team.token } }) });
  await again.page.getByText('connected', { exact: true }).waitFor();
  expect((await again.graphql('{ link { service } }')).data).toEqual({ link: { service: team.service } });
});

test('whoever is not let in, or set up wrongly, reads at once what to do', async () => {
  const settings = { GRPC_ADDRESS: team.service, GRPC_TLS_CA: team.caFile, API_TOKEN: team.token };
  const refused = await launchDesk({ env: { ...settings, API_TOKEN: 'a-token-that-was-withdrawn' } });
  const note = ({ page }: RunningDesk) => page.locator('.notices').getByRole('alert');
  await note(refused)
    .getByText(/does not let this desk in\. Check its token/)
    .waitFor();
  await lookAt(refused, 'link-refused');
  await note(refused).getByRole('button', { name: 'Open the settings' }).click();
  await refused.page
    .getByRole('region', { name: 'Connection' })
    .getByText(/refuses this desk's token/)
    .waitFor();
  const misled = await launchDesk({ env: { ...settings, GRPC_TLS_CA: team.otherCaFile } });
  await note(misled)
    .getByText(/can't be reached as it is set up here/)
    .waitFor();
});

test('each way in which an address may fail has its own answer', async () => {
  const older = await startSmallService({ older: true });
  const newer = await startSmallService({ tells: { version: '9.0.0' } });
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(async () => {
    silent.close();
    await Promise.all([older.stop(), newer.stop()]);
  });
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await chooseTeam(desk);
  await save(page).click();
  await page.getByText('Type the address of the ticket service').waitFor();
  await service(page).fill('http://tickets');
  await page.getByText('without "http://" in front').waitFor();
  await lookAt(desk, 'settings-malformed');
  for (const [address, code] of [
    ['no-such-host.invalid:50051', 'no-such-host'],
    ['127.0.0.1:9', 'refused'],
    [team.nsqdHttp, 'wrong-server'],
    [team.nsqd, 'wrong-server'],
    [older.address, 'older'],
    [newer.address, 'newer'],
    [team.service, 'needs-tls'],
  ] as const) {
    await service(page).fill(address);
    await expectCheck(page, code);
  }
  await service(page).fill(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await expectCheck(page, 'checking');
  await takePicture(page, 'settings-checking-1280x800-light');
  await expectCheck(page, 'timeout');
  await page.getByLabel('to the ticket service').check();
  await service(page).fill(older.address);
  await expectCheck(page, 'without-tls');
  await service(page).fill(team.service);
  await field(page, 'CA file').fill(team.otherCaFile);
  await expectCheck(page, 'wrong-authority');
  await field(page, 'CA file').fill('/no/such/file.pem');
  await expectCheck(page, 'unusable-file');
  await field(page, 'NSQ (optional)').fill(team.nsqdHttp);
  await expectCheck(page, 'wrong-server');
  await lookAt(desk, 'settings-failures');
});

test('the tickets of one server leave the screen with it, and so does what was begun on them', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await restPointer(page);
  const [first, second] = await seed(desk, [{ title: 'Kept here' }, { title: 'Kept here too' }]);
  const rows = page.getByRole('row', { name: 'Kept here' });
  await page.getByRole('row', { name: 'Kept here too' }).click();
  await page.getByRole('heading', { name: `#${second}` }).waitFor();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
  await page.keyboard.press('Delete');
  await page.getByText(`#${second} was deleted.`).waitFor();
  await rows.click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Kept here, changed');
  await page.waitForSelector('[data-keeping="kept"]');

  await chooseTeam(desk);
  await service(page).fill('127.0.0.1:9');
  await expectCheck(page, 'refused');
  await save(page).click();
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await page.getByText('Saved. Tickets are kept by 127.0.0.1:9.').waitFor();
  await rows.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  expect(await page.getByText(`#${second} was deleted.`).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.locator('.panel-frame').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await page.getByText('There is nothing to undo.').waitFor();
  expect(await page.locator('body').textContent()).not.toContain('Kept here');

  await openSettings(desk);
  await page.getByLabel('This computer', { exact: true }).check();
  await save(page).click();
  await rows.click();
  await page.getByText('Unsaved change, kept on this computer.').waitFor();
  expect((await desk.graphql('{ tickets { id title } }')).data).toEqual({
    tickets: [{ id: first, title: 'Kept here' }],
  });
});

test('what waits is told of before a switch, saved in spite of doubts, and goes to where was said', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await chooseTeam(desk);
  await service(page).fill('127.0.0.1:9');
  await expectCheck(page, 'refused');
  await save(page).click();
  await page.getByText('Save it all the same?').waitFor();
  await lookAt(desk, 'settings-doubts');
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await page.getByText(/^(connecting|offline)/).waitFor();
  for (const title of ['One', 'Two', 'Three']) {
    await desk.graphql('mutation ($input: NewTicket!) { createTicket(input: $input) { state } }', {
      input: { title, description: '', name: 'Ada' },
    });
  }
  // Of a ticket that is not this computer's, whatever has that number there.
  await desk.graphql(
    'mutation { addComment(input: { ticketId: 1, kind: NOTE, body: "Not for here" }) { state } }',
  );
  const words =
    '3 tickets wait; they go to this computer. 1 comment or change of a ticket waits until the desk uses 127.0.0.1:9 again.';
  // Drawn anew for the other service, the settings begin again at what is saved.
  await expect
    .poll(async () => {
      await page.getByLabel('This computer', { exact: true }).check();
      return page.getByText(words).isVisible();
    })
    .toBe(true);
  await lookAt(desk, 'settings-switch');
  await save(page).click();
  await expect
    .poll(async () => (await desk.graphql('{ tickets { title } outbox { waiting } }')).data, {
      timeout: 30_000,
    })
    .toMatchObject({ tickets: [{}, {}, {}], outbox: { waiting: 0 } });
  const thread = '{ ticket(id: 1) { comments { edges { node { body } } } } notices }';
  expect((await desk.graphql(thread)).data).toEqual({
    ticket: { comments: { edges: [] } },
    notices: ['1 comment or change of a ticket waits until the desk uses 127.0.0.1:9 again.'],
  });
});

test('what the environment sets is shown as set by it, and can not be changed', async () => {
  const desk = await launchDesk({
    env: {
      GRPC_ADDRESS: team.service,
      GRPC_TLS_CA: team.caFile,
      API_TOKEN: team.token,
      NSQD_TCP_ADDRESS: team.nsqd,
    },
  });
  const { page } = desk;
  await page.getByText('connected', { exact: true }).waitFor();
  await openSettings(desk);
  for (const locked of [service(page), field(page, 'NSQ (optional)'), field(page, 'Token')])
    expect(await locked.isDisabled()).toBe(true);
  expect(await page.getByLabel('This computer', { exact: true }).isDisabled()).toBe(true);
  expect(await service(page).inputValue()).toBe(team.service);
  for (const variable of ['GRPC_ADDRESS', 'GRPC_TLS_CA', 'API_TOKEN', 'NSQD_TCP_ADDRESS'])
    await page.getByText(`Set by ${variable}`).first().waitFor();
  await page.getByText(/^Ticket Desk service 0\.1\.0/).waitFor();
  expect(await page.content()).not.toContain(team.token);
  await lookAt(desk, 'settings-locked');
});
