/** How a screen looks, as pictures to look at, and what axe finds on it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type RunningDesk, repository } from './harness.ts';

const folder = join(repository, 'test-results', 'screenshots');
/** In CI nobody opens them. */
const takesPictures = !process.env.CI;

interface Size {
  /** CSS pixels, as is height. */
  width: number;
  height: number;
}

const sizes: readonly Size[] = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/**
 * Saves the window in both sizes, light and dark, and lets axe look at each theme. Ends at the first size, light. In CI
 * axe alone looks, at the first size.
 */
export async function lookAt(desk: Pick<RunningDesk, 'app' | 'page'>, name: string): Promise<void> {
  await lookAtEach(desk.page, name, sizes, (size) => resize(desk, size));
}

/** The same for a page in a browser. */
export async function lookAtPage(
  page: Page,
  name: string,
  pageSizes: readonly Size[] = sizes,
): Promise<void> {
  await lookAtEach(page, name, pageSizes, (size) => page.setViewportSize(size));
}

async function lookAtEach(
  page: Page,
  name: string,
  pageSizes: readonly Size[],
  giveSize: (size: Size) => Promise<void>,
): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of takesPictures ? [...pageSizes].reverse() : pageSizes.slice(0, 1)) {
      await giveSize(size);
      await takePicture(page, `${name}-${size.width}x${size.height}-${colorScheme}`);
    }
    await expectAccessible(page);
  }
}

/** Saves the page as it is, for the eye. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!takesPictures) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

/** The same by Electron itself, which is right for a zoomed page too; Playwright's is cut off there. */
export async function takeWindowPicture(
  desk: Pick<RunningDesk, 'app' | 'page'>,
  name: string,
): Promise<void> {
  if (!takesPictures) return;
  await mkdir(folder, { recursive: true });
  // Drawn once at least as it is now; the picture is of what was drawn last.
  await desk.page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  const png = await desk.app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
    return image?.toPNG().toString('base64') ?? '';
  });
  await writeFile(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
}

/** Gives the page this size, in CSS pixels. */
export async function resize(desk: Pick<RunningDesk, 'app' | 'page'>, size: Size): Promise<void> {
  await desk.app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  );
  await desk.page.waitForFunction(
    ({ width, height }) => innerWidth === width && innerHeight === height,
    size,
  );
}

/** Makes the page larger or smaller, as the person's own zoom does. */
export async function zoomTo({ app }: Pick<RunningDesk, 'app'>, factor: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, by) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(by),
    factor,
  );
}

/** Lets axe look at the page, and names every serious or critical finding with the elements it is about. */
export async function expectAccessible(page: Page): Promise<void> {
  // Half way from one theme to the other a colour is neither. The page hears of the theme in one frame, and its colours
  // set out in the next.
  await page.evaluate(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    const underWay = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    for (let quiet = 0; quiet < 3; quiet = underWay().length > 0 ? 0 : quiet + 1) {
      await Promise.allSettled(underWay().map((transition) => transition.finished));
      await frame();
    }
  });
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  const serious = results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ html }) => html).join(' , ')}`);
  expect(serious).toEqual([]);
}
