/** A list that is much longer than what is read of it. */
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { deskForSuite, type RunningDesk, restPointer } from './harness.ts';
import { seed } from './seed.ts';

const tickets = 5_000;
const patience = { timeout: 10_000 };

let desk: RunningDesk;

deskForSuite((started) => {
  desk = started;
});

const chosen = () =>
  desk.page.evaluate(() => {
    const list = document.querySelector('[data-ticket-list]') as HTMLElement;
    const row = document.getElementById(list.getAttribute('aria-activedescendant') ?? '');
    const { top, bottom } = row?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
    const place = list.getBoundingClientRect();
    return {
      title: row?.querySelector('.cell-title')?.textContent,
      inView: top >= place.top && bottom <= place.bottom,
      focused: document.activeElement === list,
    };
  });

test('End leads to the last ticket of thousands, and Home to the first, with the focus kept', async () => {
  const { page } = desk;
  await queryDatabase(
    desk.dataDir,
    `insert into tickets (title, description, name, status, version, created_at, updated_at)
     select 'Ticket ' || n, '', 'Ada', 'New', 1, at, at
     from generate_series(1, ${tickets}) n,
       lateral (select now() - (${tickets} - n + 1) * interval '1 minute' as at) filed order by n`,
  );
  const newest = page.getByRole('row', { name: `Ticket ${tickets}` });
  // What is read before the service has heard of them all is an older list, to which they are new.
  await newest.waitFor();
  await page.reload();
  await restPointer(page);
  await newest.waitFor();
  await page.keyboard.press('j');
  await expect.poll(chosen, patience).toEqual({ title: `Ticket ${tickets}`, inView: true, focused: true });

  await page.keyboard.press('End');
  await expect.poll(chosen, patience).toEqual({ title: 'Ticket 1', inView: true, focused: true });
  // What is before it comes as the eye comes near; what was read moves nothing.
  for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press('PageUp');
  await expect.poll(chosen, patience).toMatchObject({ inView: true, focused: true });
  await expect
    .poll(async () => {
      await page.keyboard.press('PageUp');
      return Number(/\d+/.exec((await chosen()).title ?? '')?.[0]);
    }, patience)
    .toBeGreaterThan(300);

  await page.keyboard.press('Home');
  await expect.poll(chosen, patience).toEqual({ title: `Ticket ${tickets}`, inView: true, focused: true });
  await page.keyboard.press('End');
  await expect.poll(chosen, patience).toEqual({ title: 'Ticket 1', inView: true, focused: true });

  // By the wheel, from page to page.
  await page.keyboard.press('Home');
  const list = page.locator('[data-ticket-list]');
  await list.hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 1_000);
      return list.evaluate((element) => element.scrollTop);
    }, patience)
    .toBeGreaterThan(400 * 36);
  // What raced by was drawn in short.
  const cut = () =>
    list.evaluate((element) => element.querySelectorAll('[data-key]:not(:has([data-column]))').length);
  await expect.poll(cut, patience).toBe(0);
  await page.keyboard.press('End');
  await expect.poll(chosen, patience).toEqual({ title: 'Ticket 1', inView: true, focused: true });

  // What arrives is above all of it, and moves nothing here.
  await seed(desk, [{ title: 'Just now' }]);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect(await chosen()).toEqual({ title: 'Ticket 1', inView: true, focused: true });
  await page.keyboard.press('Home');
  await expect.poll(chosen, patience).toEqual({ title: 'Just now', inView: true, focused: true });
  expect(desk.pageErrors).toEqual([]);
});
