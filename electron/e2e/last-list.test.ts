/** A start shows at once the list that was there last, in its place, until the page has drawn its own. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchConnectedDesk, launchDesk, restPointer, startedFolder } from './harness.ts';
import { resize, takePicture } from './looks.ts';
import { seed } from './seed.ts';

declare global {
  interface Window {
    seen: { picture: string; ownRowsAtItsEnd: number };
  }
}

const titles = ['Printer prints blank pages', 'VPN drops at noon', 'Scanner <offline> & "cold"'];

/** Before any script of the page. */
function watchPicture(): void {
  window.seen = { picture: '', ownRowsAtItsEnd: -1 };
  new MutationObserver(() => {
    const picture = document.getElementById('last-list');
    if (picture) window.seen.picture = picture.textContent ?? '';
    else if (window.seen.picture !== '' && window.seen.ownRowsAtItsEnd < 0)
      window.seen.ownRowsAtItsEnd = document.querySelectorAll('#root .ticket-rows .cell-title').length;
  }).observe(document, { childList: true, subtree: true });
}

/** Lays the picture over the page again. */
async function showPicture(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const text = await (await fetch('/')).text();
    const served = new DOMParser().parseFromString(text, 'text/html');
    const rules = document.createElement('link');
    rules.rel = 'stylesheet';
    rules.href = '/last-list.css';
    const loaded = new Promise((resolve) => rules.addEventListener('load', resolve));
    document.head.append(rules);
    document.body.prepend(served.getElementById('last-list') as HTMLElement);
    await loaded;
  });
}

/** Where things stand. */
const places = (page: Page, within: string) =>
  page.evaluate(
    (root) =>
      [
        ...document.querySelectorAll(
          `${root} :is(.pane, .cell-title, .nav-link, .column-head, footer, input)`,
        ),
      ].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { what: element.className, x, y, width, height };
      }),
    within,
  );

test('the list that was there last is on the screen from the first, until the page has drawn its own', async () => {
  const userData = await startedFolder();
  const before = await launchConnectedDesk({ userData });
  await restPointer(before.page);
  await seed(
    before,
    titles.map((title) => ({ title })),
  );
  const file = join(before.dataDir, 'last-list');
  // On a slow machine that of the empty list is kept by now.
  await rm(file, { force: true });
  await before.page.reload();
  await expect.poll(() => existsSync(file)).toBe(true);
  await before.close();

  const desk = await launchDesk({ userData });
  const { page } = desk;
  await page.locator('#root .ticket-rows .cell-title').first().waitFor();
  await page.addInitScript(watchPicture);
  await page.reload();
  await page.locator('#root .ticket-rows .cell-title').first().waitFor();
  await expect.poll(() => page.locator('#last-list').count()).toBe(0);
  const seen = await page.evaluate(() => window.seen);
  for (const title of titles) expect(seen.picture).toContain(title);
  expect(seen.picture).toMatch(/as of [^·]*\d\d:\d\d · 3 open/);
  expect(seen.picture).not.toContain('connected');
  expect(seen.ownRowsAtItsEnd).toBeGreaterThanOrEqual(titles.length);
  // Else its first frame would be light, whatever the theme is.
  expect(await page.locator('script[type=module]').getAttribute('blocking')).toBe('render');

  await page.locator('footer').getByText('open · newest first').waitFor();
  await showPicture(page);
  for (const [width, height] of [
    [800, 600],
    [1920, 1080],
    [1280, 800],
  ] as const) {
    await resize(desk, { width, height });
    expect(await places(page, '#last-list')).toEqual(await places(page, '#root'));
  }
  await takePicture(page, 'last-list');
  expect(desk.pageErrors).toEqual([]);
});
