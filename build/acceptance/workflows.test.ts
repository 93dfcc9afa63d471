/** The workflows by actionlint, which knows every event, context, runner and expression. Needs Go, which fetches it. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../bundle.ts';
import { findCommand } from '../system.ts';

const run = promisify(execFile);
const actionlint = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

test.skipIf(!findCommand('go'))(
  'actionlint finds nothing in the workflows (skipped without Go)',
  async () => {
    const folder = join(root, '.github/workflows');
    const files = readdirSync(folder).map((name) => join(folder, name));
    const complaints = await run('go', ['run', actionlint, '-no-color', ...files]).catch((failed) => failed);
    expect(`${complaints.stdout}${complaints.code ? complaints.stderr : ''}`).toBe('');
  },
);
