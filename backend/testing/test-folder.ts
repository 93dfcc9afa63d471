/** A folder of a test's own, which is removed once the test and its hooks are over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Call it in a test or in beforeEach(). */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
