/** A test that fails leaves a picture of each window that it had open, taken before anything is closed. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'test-results', 'failures');
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
    await page.screenshot({ path, timeout: 5_000 }).then(
      () => console.log(`Picture of the failure: ${path}`),
      () => {},
    );
  }
});
