/** An import by keyboard: a CSV of another program, from its file to its tickets. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseFile, launchDesk, type RunningDesk } from './harness.ts';
import { lookAt, takeWindowPicture, zoomTo } from './looks.ts';

test('brings in what another program has exported, by keys, and tells of each row that it can not take', async () => {
  const desk = await launchDesk();
  const { page } = desk;
  const file = join(desk.userData, 'rooms.csv');
  await writeFile(
    file,
    [
      'Summary;Tenant;State;Created;Room',
      '"Fan; it is ""loud""";Ada;in progress;2026-11-20 09:30;12',
      '=Door;Bo;new;2026-11-21;14',
      ';Cy;new;2026-11-22;15',
      'Window;Di;broken;2026-11-23;16',
    ].join('\r\n'),
  );
  const dialog = page.getByRole('dialog', { name: /^Import tickets/ });
  await page.getByText('No tickets yet.').waitFor();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('import');
  await page.keyboard.press('Enter');
  const input = dialog.getByLabel(/An export of a desk/);
  await expect.poll(() => input.evaluate((element) => element === document.activeElement)).toBe(true);
  await lookAt(desk, 'import');
  await chooseFile(page, file, () => page.keyboard.press('Space'));

  const check = dialog.getByRole('button', { name: 'Check all rows' });
  await check.waitFor();
  expect(await dialog.getByText('Left out: Tenant, Room.').count()).toBe(1);
  await dialog.getByLabel('Column of Requester').focus();
  await page.keyboard.type('Ten');
  await lookAt(desk, 'import-mapping');
  await expectReadableWhenZoomed(desk);
  expect(await dialog.getByText('Left out: Room.').count()).toBe(1);
  await check.focus();
  await page.keyboard.press('Enter');

  const take = dialog.getByRole('button', { name: 'Import 2 tickets' });
  await take.waitFor();
  const refused = dialog.getByRole('table', { name: /Rows that can't be taken/ }).getByRole('row');
  await expect
    .poll(() => refused.allTextContents())
    .toEqual([
      'LineFieldReason',
      '4TitleTitle is empty. Give it some text.',
      expect.stringMatching(/^5StatusStatus must be one of "New"/),
    ]);
  await lookAt(desk, 'import-checked');
  expect(await page.getByRole('row', { name: /Fan/ }).count()).toBe(0);
  await expect.poll(() => take.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => dialog.getByRole('status').textContent())
    .toBe('4 rows: 2 tickets imported, 2 not taken.');
  // The button has done its work and is gone.
  await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
  await page.getByRole('row', { name: /Fan; it is "loud"/ }).waitFor();
  await page.getByRole('row', { name: /=Door/ }).waitFor();
});

/** What is chosen of each column has its room at 200 % as well. */
async function expectReadableWhenZoomed({ app, page }: RunningDesk): Promise<void> {
  const whole = await page.evaluate(() => innerWidth);
  await zoomTo({ app }, 2);
  await page.waitForFunction((width) => innerWidth < width, whole * 0.6);
  const widths = await page
    .getByRole('dialog')
    .locator('select, input')
    .evaluateAll((fields) => fields.map((field) => field.getBoundingClientRect().width));
  expect(Math.min(...widths)).toBeGreaterThan(120);
  // The dialog alone moves up and down.
  const table = page.getByRole('dialog').locator('.table-responsive');
  expect(await table.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  await takeWindowPicture({ app, page }, 'import-mapping-zoomed');
  await zoomTo({ app }, 1);
  await page.waitForFunction((width) => innerWidth === width, whole);
}
