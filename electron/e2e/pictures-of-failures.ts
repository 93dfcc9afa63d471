/**
 * A test that fails leaves a picture of each window that it had open, taken before anything is closed, and its error
 * says what stood there: of a run elsewhere the words alone are left.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'failures');
/** What tells where the window stood. */
const telling = '[aria-current=page], [role=status], [role=alert], [role=dialog], footer, [role=row]';
const mostLetters = 400;
const open = new Set<Page>();

/** For whoever opens a window in a test. */
export function watchForFailure(page: Page): void {
  open.add(page);
  page.once('close', () => open.delete(page));
}

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await mkdir(folder, { recursive: true });
  const name = `${task.file.name.split('/').at(-1)}-${task.name}`.replace(/[^\w.-]+/g, '-').slice(0, 150);
  for (const [index, page] of [...open].entries()) {
    const path = join(folder, `${name}${index ? `-${index + 1}` : ''}.png`);
    // A window that was killed can't be asked; the failure itself is what is to be told.
    try {
      await page.screenshot({ path, timeout: 5_000 });
      console.log(`Picture of the failure: ${path}`);
      const words = (await page.locator(telling).allInnerTexts()).join(' | ').replace(/\s+/g, ' ');
      for (const error of task.result.errors ?? [])
        error.stack = `The window: ${words.slice(0, mostLetters)}\n${error.stack ?? error.message}`;
    } catch {}
  }
});
