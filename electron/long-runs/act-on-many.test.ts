/** A helpdesk of 100,000 tickets by keyboard: a search kept as a view, thousands of tickets changed, taken out and brought in. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import {
  chooseFile,
  launchConnectedDesk,
  launchDesk,
  type RunningDesk,
  restPointer,
} from '../e2e/harness.ts';
import { lookAt, takePicture } from '../e2e/looks.ts';
import { countText, expectFocus, expectRows, patience, press, runCommand } from './hands.ts';
import { seededFolder } from './seeded-desk.ts';
import { type Steps, stepsOf } from './steps.ts';
import { expectSame, readWhole, summed } from './whole-tickets.ts';

const seeded = 100_000;
const found = {
  search: 'tag:account priority:normal',
  sql: `'account' = any(t.tags) and t.status = 'Completed'`,
};

const bar = (page: Page) => page.locator('.chosen-bar strong');

async function priorities({ dataDir }: RunningDesk): Promise<Record<string, number>> {
  const rows = await queryDatabase<{ priority: string; n: number }>(
    dataDir,
    `select t.priority, count(*)::int as n from tickets t where ${found.sql} group by 1`,
  );
  return Object.fromEntries(rows.map(({ priority, n }) => [priority, n]));
}

async function searchAndKeep({ page }: RunningDesk): Promise<void> {
  await press(page, 'g', 'c', '/');
  await page.keyboard.type(found.search);
  await expectRows(page);
  await press(page, 'Enter', 'v');
  await expectFocus(page.locator('.modal input').first());
  await page.keyboard.type('Accounts, normal');
  // The ways to whom it is for and to its key.
  await press(page, 'Tab', 'Tab');
  await expectFocus(page.locator('.modal select').first());
  await press(page, 'b', 'Tab', 'Tab', 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Beside the saved view. */
function expectCount(page: Page, count: string): Promise<void> {
  return expect.poll(() => page.locator('.saved-view .count').textContent(), patience).toBe(count);
}

async function chooseAll(page: Page, total: number): Promise<void> {
  await press(page, 'ControlOrMeta+a');
  await bar(page)
    .getByText(/^All .*that match chosen$/)
    .waitFor();
  expect(total).toBeGreaterThan(1_000);
}

async function exportTo(desk: RunningDesk, file: string, choose: readonly string[]): Promise<void> {
  const { app, page } = desk;
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await runCommand(page, 'export');
  const dialog = page.getByRole('dialog', { name: 'Export tickets' });
  await expectFocus(page.locator('.modal [type=radio]').first());
  await press(page, ...choose);
  if (file.endsWith('csv')) await lookAt(desk, 'long-export');
  await press(page, 'Enter');
  await dialog.getByText(/exported. Saved as/).waitFor(patience);
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
}

async function importFrom(desk: RunningDesk, file: string, total: number): Promise<void> {
  const { page } = desk;
  await page.getByText('connected', { exact: true }).waitFor(patience);
  await runCommand(page, 'import');
  const dialog = page.getByRole('dialog', { name: /^Import tickets/ });
  await expectFocus(page.locator('.modal [type=file]').first());
  await chooseFile(page, file, () => press(page, 'Space'));
  const next = async (name: string) => {
    const button = dialog.getByRole('button', { name });
    await button.waitFor(patience);
    await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true);
    await press(page, 'Enter');
  };
  await next('Check all rows');
  await next(`Import ${countText(total)} tickets`);
  await dialog.getByText(`${countText(total)} rows: ${countText(total)} tickets imported.`).waitFor(patience);
  if (file.endsWith('csv')) await lookAt(desk, 'long-imported');
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** To another priority by keys, killed in the middle, and gone on with by itself. @returns the desk as it is after a start */
async function changeThroughKill(
  first: RunningDesk,
  total: number,
  { step, note }: Steps,
): Promise<RunningDesk> {
  const { page, userData } = first;
  await chooseAll(page, total);
  await lookAt(first, 'long-chosen');
  await press(page, 'p');
  await page.getByRole('menuitem', { name: 'Urgent' }).waitFor();
  await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Change ${countText(total)} tickets` })
    .waitFor(patience);
  const before = await priorities(first);
  await press(page, 'Enter');
  await page.getByRole('progressbar', { name: /^Setting priority/ }).waitFor();
  await takePicture(page, 'long-changing');
  await expect
    .poll(async () => (await priorities(first)).Urgent, { timeout: 60_000, interval: 50 })
    .toBeGreaterThan((before.Urgent ?? 0) + 300);
  await first.crash();
  // Its Postgres is left, for the next start to take over.
  const killedAt = ((await priorities(first)).Urgent ?? 0) - (before.Urgent ?? 0);
  note(`killed when ${killedAt} of ${total} were changed`);
  expect(killedAt).toBeLessThan(total);
  const second = await step('started again after the kill', () => launchConnectedDesk({ userData }));
  await step('went on by itself to the end', () =>
    second.page.getByText(`${countText(total)} tickets changed`).waitFor(patience),
  );
  await restPointer(second.page);
  await expectCount(second.page, '0');
  const { Normal: _, ...others } = before;
  expect(await priorities(second)).toEqual({ ...others, Urgent: (before.Urgent ?? 0) + total });
  return second;
}

test('thousands of 100,000 are found, kept as a view, changed through a kill, undone, exported and imported', async () => {
  const steps = stepsOf('act-on-many');
  const { step, note } = steps;
  const userData = await step(`seeded ${countText(seeded)} tickets`, () => seededFolder(seeded));
  const first = await step('started', () => launchConnectedDesk({ userData }));
  const query = <Row extends object>(sql: string) => queryDatabase(first.dataDir, sql) as Promise<Row[]>;
  await restPointer(first.page);
  const normal = `${found.sql} and t.priority = 'Normal'`;
  const asSeeded = await readWhole(query, normal);
  const total = asSeeded.length;
  note(`the search finds ${summed(asSeeded)}`);

  await step('searched, and kept as a view', () => searchAndKeep(first));
  await press(first.page, 'g', 'o', 'g', 'b');
  await first.page.locator('.saved-view .nav-link.active', { hasText: 'Accounts, normal' }).waitFor();
  await expectRows(first.page);
  await press(first.page, 'j');
  await lookAt(first, 'long-view');
  const second = await changeThroughKill(first, total, steps);
  const { page } = second;

  await press(page, 'g', 'b');
  await step('undone as one', async () => {
    await press(page, 'ControlOrMeta+z');
    await page.getByText(`Undone: priority of ${countText(total)} tickets to Urgent`).waitFor(patience);
    await expectCount(page, '1,000+');
  });
  const undone = await readWhole(query, normal);
  expect(undone.map(({ requestId }) => requestId)).toEqual(asSeeded.map(({ requestId }) => requestId));
  note(`after the undo ${summed(undone)}`);

  const csv = join(userData, 'found.csv');
  const jsonLines = join(userData, 'found.jsonl');
  await expectRows(page);
  await step('the view exported as CSV', () => exportTo(second, csv, ['Tab', 'Tab', 'Space']));
  await press(page, 'j');
  await chooseAll(page, total);
  await step('the chosen exported as JSON Lines', () => exportTo(second, jsonLines, ['ArrowDown']));
  expect([...first.pageErrors, ...second.pageErrors]).toEqual([]);

  for (const file of [csv, jsonLines]) {
    const empty = await launchDesk();
    await step(`imported ${file.split('.').at(-1)} into an empty desk`, () => importFrom(empty, file, total));
    const there = await readWhole((sql) => queryDatabase(empty.dataDir, sql) as Promise<never[]>);
    note(`it has ${summed(there)}`);
    expectSame(there, undone);
    expect(empty.pageErrors).toEqual([]);
    await empty.close();
  }
});
