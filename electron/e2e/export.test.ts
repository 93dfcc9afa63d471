/** An export of a search by keyboard, saved where the person chooses. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchDesk, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';

/** What the person answers when they are asked where to save. */
async function saveAt(desk: RunningDesk, filePath: string): Promise<void> {
  await desk.app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: path === '', filePath: path });
  }, filePath);
}

test('exports what a search finds, from the keyboard, into the file that the person chooses', async () => {
  const desk = await launchDesk();
  const { page } = desk;
  // Under a pointer that rests on the list nothing is put into it.
  await page.mouse.move(1, 1);
  await seed(desk, [
    { title: '=Printer, "blank"\t', description: 'Line one\nLine two', name: 'Ada' },
    { title: 'Scanner', name: 'Bo' },
  ]);
  const file = join(desk.userData, 'tickets.csv');
  await writeFile(file, 'earlier');
  const dialog = page.getByRole('dialog', { name: 'Export tickets' });
  await page.getByRole('row', { name: /Printer/ }).waitFor();
  await page.getByRole('row', { name: /Scanner/ }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('printer');
  await expect.poll(() => page.getByRole('row', { name: /Scanner/ }).count()).toBe(0);
  await saveAt(desk, '');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('export');
  await page.keyboard.press('Enter');
  await dialog.getByText('All tickets in the view “Open” that match “printer”').waitFor();
  await lookAt(desk, 'export');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Save…' }).waitFor();
  expect(await readFile(file, 'utf8')).toBe('earlier');

  await saveAt(desk, file);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => dialog.getByRole('status').textContent())
    .toBe(`1 ticket was exported. Saved as ${file}.`);
  await lookAt(desk, 'export-saved');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(`"'=Printer, ""blank""`);
  expect(text).toContain('"Line one\nLine two"');
  expect(text).not.toContain('Scanner');
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
});
