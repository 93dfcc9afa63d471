/** Who begins to type while the page is still being loaded finds it where it belongs. */
import { expect, test } from 'vitest';
import { openWebFace, serveProxy } from './web-harness.ts';

test.each([
  ['/', 'Search tickets'],
  ['n', 'Title'],
])('what is typed after "%s" before the page is loaded stands in "%s"', async (key, field) => {
  const served = await serveProxy();
  const { page, pageErrors } = await openWebFace(await served.nextLink());
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  let load = () => {};
  const isWanted = new Promise<void>((resolve) => {
    load = resolve;
  });
  await page.route('**/assets/main-*.js', async (route) => {
    await isWanted;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  // By what comes first, and is small.
  await page.waitForFunction(() => document.documentElement.dataset.bsTheme);
  await page.keyboard.type(`${key}VPN at noo`);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('on');
  load();
  await expect.poll(() => page.getByLabel(field, { exact: true }).inputValue()).toBe('VPN at noon');
  await page.keyboard.type('!');
  await expect.poll(() => page.getByLabel(field, { exact: true }).inputValue()).toBe('VPN at noon!');
  expect(pageErrors).toEqual([]);
});
