/** The link goes and comes back: filing works all the same, the rest says why it waits. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNothingWaits, launchConnectedDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { goOffline, holdTicketService } from './offline.ts';
import { seed } from './seed.ts';

async function file(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+n');
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Requester').fill('Ada');
  await page.getByRole('button', { name: 'File ticket' }).click();
  await page.getByRole('row', { name: title }).waitFor();
}

const row = (page: Page, name: string) => page.getByRole('row', { name });

test('offline and back: what was read stays, what is filed waits and drains by itself', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await seed(desk, [{ title: 'Seen before' }]);
  await row(page, 'Seen before').click();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
  const comeBack = await goOffline(desk);

  // Reading works, and what is changed waits as well; what needs an answer says why not.
  await page.keyboard.press('s');
  await page.getByRole('menuitemradio', { name: 'On Hold' }).click();
  await page
    .getByRole('article', { name: 'Change that waits' })
    .getByText('saved on this computer')
    .waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  expect(await page.getByRole('button', { name: 'Delete' }).getAttribute('title')).toContain('Offline');
  await page.keyboard.press('Escape');
  await lookAt(desk, 'offline-ticket');
  await file(page, 'Filed offline');
  await file(page, 'Filed offline too');
  expect(await row(page, 'Filed offline too').getAttribute('data-state')).toMatch(/QUEUED|SENT/);
  await page.getByText(/offline since .*\(3 waiting\)/).waitFor();
  await page.getByRole('button', { name: /^Outbox/ }).click();
  await page.getByRole('heading', { name: 'Outbox' }).waitFor();
  // Said once for all of them, and no time is promised that comes and goes.
  await page.getByText('Nothing goes out at the moment.').waitFor();
  await page.getByRole('article', { name: 'Change that waits' }).waitFor();
  const items = page.locator('.panel-frame').getByRole('listitem').filter({ hasText: 'Filed offline' });
  for (const words of await items.allTextContents()) {
    expect(words).toContain('goes out by itself as soon as the link is back');
    expect(words).not.toMatch(/any moment|not tried yet/);
  }
  await page.getByText('Why?').click();
  await lookAt(desk, 'offline-outbox');

  comeBack();
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  for (const title of ['Filed offline', 'Filed offline too'])
    await expect
      .poll(() => row(page, title).first().getAttribute('data-state'), { timeout: 30_000 })
      .toBe('STORED');
  // The change may go out after the creates.
  await expectNothingWaits(desk);
  const changed = '{ tickets { title status } }';
  expect((await desk.graphql(changed)).data).toMatchObject({
    tickets: expect.arrayContaining([{ title: 'Seen before', status: 'On Hold' }]),
  });
});

test('the outbox: a create that waits is edited, tried again and discarded, with Undo', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  const service = await holdTicketService(desk);
  await file(page, 'First');
  await file(page, 'Second');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Outbox/ }).click();
  const item = (title: string) => page.getByRole('listitem').filter({ hasText: title });
  const discard = async () => {
    // Once to ask, once to mean it.
    await item('Second').getByRole('button', { name: 'Discard' }).click();
    await item('Second').getByRole('group').getByRole('button', { name: 'Discard' }).click();
    await item('Second').waitFor({ state: 'detached' });
  };

  // The very one comes back: in its place, with the time at which it was filed.
  await file(page, 'Third');
  await page.getByRole('button', { name: /^Outbox/ }).click();
  const waiting = async () => (await desk.graphql('{ outbox { entries { requestId createdAt } } }')).data;
  const before = await waiting();
  await discard();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await item('Second').waitFor();
  expect(await waiting()).toEqual(before);
  await discard();
  await item('Third').getByRole('button', { name: 'Discard' }).click();
  await item('Third').getByRole('group').getByRole('button', { name: 'Discard' }).click();
  await item('Third').waitFor({ state: 'detached' });

  await item('First').getByRole('button', { name: 'Edit' }).click();
  await item('Save and send').getByLabel('Title').fill('Better said');
  await item('Save and send').getByRole('button', { name: 'Save and send' }).click();
  await item('Better said').getByRole('button', { name: 'Try now' }).click();

  service.release();
  await page.getByText('Nothing waits').waitFor({ timeout: 30_000 });
  expect((await desk.graphql('{ tickets { title } }')).data).toEqual({ tickets: [{ title: 'Better said' }] });
});
