/**
 * The pictures that README.md and docs/ show, of a helpdesk's ordinary day. `npm run pictures` runs this and
 * takes them over (build/pictures.ts names them).
 */
import { expect, test } from 'vitest';
import { launchConnectedDesk, openSettings, type RunningDesk, restPointer } from './harness.ts';
import { resize, takePicture } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';

const tickets = [
  { title: 'Scanner on the second floor scans to nobody', name: 'Chidi Anagonye' },
  { title: 'New starter on Monday needs mail and a badge', name: 'Eleanor Shellstrop', status: 'On Hold' },
  {
    title: 'VPN drops every day at noon, for a minute',
    name: 'Bo Lindqvist',
    status: 'In Progress',
    priority: 'High',
  },
  { title: 'Shared calendar shows meetings of last year', name: 'Günther Groß' },
  { title: 'Laptop fan is loud after the last update', name: 'Fatima al-Fihri', priority: 'Low' },
  { title: 'الطابعة لا تعمل منذ يوم الاثنين', name: 'ليلى حداد' },
  { title: 'Request: second screen for the front desk', name: 'Dmitri Ivanov', status: 'On Hold' },
  { title: 'Phone forwards to the wrong extension', name: 'Hana Kimura', status: 'In Progress' },
  { title: 'Password reset for the archive', name: 'Jason Mendoza', status: 'Completed' },
  { title: 'Monitor flickers when the lights go on', name: 'Jason Mendoza' },
  { title: 'Mail to suppliers bounces with "relay denied"', name: 'Ada Lovelace', status: 'In Progress' },
  {
    title: 'Printer prints blank pages',
    description:
      'It prints one page, then blank ones, then the rest.\n\nTurning it off and on helps for a page or two. The toner was changed on Friday; the old one is still on the shelf.\n\nAccounts needs it by four.',
    name: 'Ada Lovelace',
    status: 'In Progress',
    priority: 'Urgent',
  },
];

/** What a helpdesk has said and done about it by now. */
async function workOn(desk: RunningDesk, ticketId: number): Promise<void> {
  const said = [
    {
      kind: 'NOTE',
      body: 'Toner is from the *wrong* batch:\n\n- floor 3 has the same\n- the old one still works',
    },
    { kind: 'ANSWER', body: 'The old toner is in. Please print a page and tell us.' },
  ];
  const update = 'mutation($input: UpdateTicket!) { updateTicket(input: $input) { success } }';
  const input = {
    id: ticketId,
    tags: ['printer', 'floor 3'],
    dueAt: new Date(Date.now() + 6e7).toISOString(),
  };
  await desk.graphql(update, { input });
  for (const each of said) {
    const comment = { input: { ticketId, ...each } };
    await desk.graphql('mutation($input: AddComment!) { addComment(input: $input) { success } }', comment);
  }
}

test('the desk, a new ticket, the settings, and filing without a link', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await page.emulateMedia({ colorScheme: 'light' });
  await resize(desk, { width: 1280, height: 800 });
  await restPointer(page);
  const ids = await seed(desk, tickets);
  await workOn(desk, ids.at(-1) ?? 0);
  await page.reload();
  await page.getByText('connected', { exact: true }).waitFor();
  await page.getByRole('row', { name: 'Printer prints blank pages' }).click();
  await page.getByText('The old toner is in').waitFor();
  await takePicture(page, 'docs-desk');

  await openSettings({ page });
  await takePicture(page, 'docs-settings');

  const type = async (title: string, description: string) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+n');
    await page.getByLabel('Title').fill(title);
    await page.getByLabel('Description').fill(description);
    await page.getByLabel('Requester').fill('Bo Lindqvist');
  };
  await type('Badge reader at the back door is slow', 'It takes ten seconds, and then opens twice.');
  await takePicture(page, 'docs-new-ticket');
  await page.getByRole('button', { name: 'File ticket' }).click();
  const filed = page.getByRole('row', { name: 'Badge reader' });
  await expect.poll(() => filed.getAttribute('data-state')).toBe('STORED');

  const service = await holdTicketService(desk);
  for (const title of ['Meeting room screen stays black', 'Cannot reach the ticket of this morning']) {
    await type(title, '');
    await page.getByRole('button', { name: 'File ticket' }).click();
    await page.getByRole('row', { name: title }).waitFor();
  }
  await page.getByText(/offline since .*\(2 waiting\)/).waitFor();
  await page.getByRole('button', { name: /^Outbox/ }).click();
  await page.getByRole('heading', { name: 'Outbox' }).waitFor();
  await takePicture(page, 'docs-outbox');
  service.release();
  await page.getByText('Nothing waits').waitFor({ timeout: 30_000 });
  expect(desk.pageErrors).toEqual([]);
});
