/** A backup made in one window, and restored into the empty desk of another. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchDesk, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

const section = ({ page }: RunningDesk) => page.getByRole('group', { name: 'Backup' });
const button = (desk: RunningDesk, name: string) => section(desk).getByRole('button', { name });

/** What the person answers when they are asked which backup. */
async function choose(desk: RunningDesk, filePath: string): Promise<void> {
  await desk.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: path === '', filePaths: path === '' ? [] : [path] });
  }, filePath);
}

async function everything(desk: RunningDesk) {
  const { data } = await desk.graphql(
    `{ ticketPage(filter: {}, first: 50, orderBy: CREATED_ASC) { edges { node {
         id requestId title description status name version createdAt updatedAt
         comments(first: 9) { edges { node { id body kind author { name } createdAt } } }
         history(first: 9) { edges { node { at by { name } field from to } } }
     } } } }`,
  );
  return data;
}

test('a backup of a desk is restored into an empty one, with tickets, comments and history', async () => {
  const from = await launchDesk();
  await seed(from, [
    { title: 'Printer prints blank pages', status: 'In Progress' },
    { title: 'Scanner offline', name: 'Bo' },
  ]);
  const requestId = '0197a3c4-0000-7000-8000-000000000001';
  await from.graphql(
    `mutation { addComment(input: { requestId: "${requestId}", ticketId: 1, kind: NOTE, body: "New toner." }) { success } }`,
  );
  await from.page.keyboard.press('ControlOrMeta+k');
  await from.page.keyboard.type('back up');
  await from.page.keyboard.press('Enter');
  await from.page.getByText('Backed up 2 tickets.').waitFor();
  await section(from)
    .getByText(/The last one was made/)
    .waitFor();
  const folder = join(from.dataDir, 'backups');
  const [name = ''] = await readdir(folder);
  // One that is not empty says so in words.
  await choose(from, join(folder, name));
  await button(from, 'Restore…').click();
  await section(from)
    .getByRole('alert')
    .getByText(/This desk has tickets/)
    .waitFor();
  await lookAt(from, 'backup-refused');
  const made = await everything(from);
  await from.page.keyboard.press('Escape');

  const into = await launchDesk();
  await into.page.getByText('connected', { exact: true }).waitFor();
  await into.page.keyboard.press('ControlOrMeta+,');
  await choose(into, '');
  await button(into, 'Restore…').click();
  const torn = join(into.userData, 'torn.deskbackup');
  await writeFile(torn, '{"ticketDeskBackup":1}');
  await choose(into, torn);
  await button(into, 'Restore…').click();
  await section(into)
    .getByRole('alert')
    .getByText(/is damaged/)
    .waitFor();
  await choose(into, join(folder, name));
  await button(into, 'Restore…').click();
  await into.page.getByText(/^Restored 2 tickets, as of/).waitFor();
  await into.page.getByRole('row', { name: /Printer prints blank pages/ }).waitFor();
  expect(await section(into).getByRole('alert').count()).toBe(0);
  await lookAt(into, 'backup-restored');
  expect(JSON.stringify(made)).toContain('New toner.');
  expect(await everything(into)).toEqual(made);
  expect([...from.pageErrors, ...into.pageErrors]).toEqual([]);
});
