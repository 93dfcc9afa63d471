/** Many tickets changed at once by the keyboard: stopped, killed in the middle, gone on with, undone and redone. */
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { launchConnectedDesk, type RunningDesk, restPointer, startedFolder } from './harness.ts';
import { lookAt, takePicture } from './looks.ts';
import { seed } from './seed.ts';

const tickets = 3_000;
const patience = { timeout: 30_000 };

const completed = async ({ dataDir }: RunningDesk) => {
  const [row] = await queryDatabase(
    dataDir,
    `select count(*)::int as count, max(version)::int as version from tickets where status = 'Completed'`,
  );
  return row as { count: number; version: number | null };
};

async function setAllToCompleted({ page }: RunningDesk): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.getByRole('toolbar', { name: 'Chosen tickets' }).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Completed' }).waitFor();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('dialog').getByRole('button', { name: 'Change 3,000 tickets' }).waitFor();
}

const listHasKeys = ({ page }: RunningDesk) =>
  page.evaluate(() => document.activeElement?.hasAttribute('data-ticket-list'));

test('a bulk change is stopped, killed, gone on with, undone and redone, by the keyboard', async () => {
  const userData = await startedFolder();
  const first = await launchConnectedDesk({ userData });
  await queryDatabase(
    first.dataDir,
    `insert into tickets (title, description, name, status, version, created_at, updated_at)
     select 'Ticket ' || n, '', 'Ada', 'New', 1, at, at
     from generate_series(1, ${tickets}) n, lateral (select now() - n * interval '1 minute' as at) filed`,
  );
  await first.page.reload();
  await restPointer(first.page);
  await first.page.getByText('Ticket 1', { exact: true }).waitFor();
  await first.page.keyboard.press('j');
  await setAllToCompleted(first);
  await lookAt(first, 'bulk-question');
  await first.page.keyboard.press('Enter');
  await first.page.getByRole('button', { name: 'Stop' }).click();
  await first.page.getByText(/Stopped: [\d,]+ changed, [\d,]+ not/).waitFor();
  expect(await listHasKeys(first)).toBe(true);
  const { count: stoppedAt } = await completed(first);
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThan(tickets);
  await first.page.getByText(`Stopped: ${stoppedAt.toLocaleString('en')} changed`).waitFor();
  // What was read has left the view, and what comes after it has been read.
  await first.page.locator('.ticket-row .cell-title', { hasText: 'Ticket' }).first().waitFor();
  await lookAt(first, 'bulk-stopped');

  await first.page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(async () => (await completed(first)).count, patience).toBeGreaterThan(stoppedAt);
  await first.crash();

  const second = await launchConnectedDesk({ userData });
  const { page } = second;
  await page.getByText('3,000 tickets changed').waitFor(patience);
  // Each once, whatever was under way when it was killed.
  expect(await completed(second)).toEqual({ count: tickets, version: 2 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone: status of 3,000 tickets to Completed').waitFor(patience);
  expect(await completed(second)).toMatchObject({ count: 0 });
  await page.keyboard.press('Control+Shift+z');
  await page.getByText('Redone: status of 3,000 tickets to Completed').waitFor(patience);
  expect(await completed(second)).toMatchObject({ count: tickets });
  await page.keyboard.press('Control+z');
  await page.getByText('Undone: status of 3,000 tickets to Completed').last().waitFor(patience);
  await expect.poll(async () => (await completed(second)).count, patience).toBe(0);
  expect(await listHasKeys(second)).toBe(true);
  expect(second.pageErrors).toEqual([]);
});

test('where the system chooses the colours the arrows of the menus are arrows', async () => {
  const desk = await launchConnectedDesk();
  const { page } = desk;
  await seed(desk, [{ title: 'Printer' }]);
  await page.getByRole('row', { name: 'Printer' }).click();
  await page.keyboard.press('x');
  const menu = page.getByRole('toolbar', { name: 'Chosen tickets' }).getByRole('button', { name: 'Status' });
  await menu.waitFor();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    await takePicture(page, `forced-colors-${colorScheme}`);
    const [top, side, words] = await menu.evaluate((button) => {
      const arrow = getComputedStyle(button, '::after');
      return [arrow.borderTopColor, arrow.borderRightColor, getComputedStyle(button).color];
    });
    expect([top, side]).toEqual([words, 'rgba(0, 0, 0, 0)']);
  }
});
