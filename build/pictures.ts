/**
 * `npm run pictures`: takes the pictures of README.md and docs/ anew, of the real window
 * (electron/e2e/pictures.test.ts), into docs/pictures.
 */
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.ts';
import { runInForeground } from './child.ts';
import { Problem, say } from './terminal.ts';

const maxBytes = 200_000;
const names = ['desk', 'new-ticket', 'settings', 'outbox'];

const code = await runInForeground({
  command: process.execPath,
  args: [join(root, 'build/run.mjs'), 'test', 'electron/e2e/pictures.test.ts'],
});
if (code !== 0) throw new Problem('The pictures could not be taken: see above. The old ones stay.');
const taken = names.map((name) => ({
  name,
  path: join(root, `test-results/screenshots/docs-${name}.png`),
}));
for (const { name, path } of taken) {
  const { size } = statSync(path);
  if (size > maxBytes) {
    throw new Problem(
      `${name} takes ${size} bytes, more than ${maxBytes}: show less in it. The old ones stay.`,
    );
  }
}
mkdirSync(join(root, 'docs/pictures'), { recursive: true });
for (const { name, path } of taken) {
  copyFileSync(path, join(root, `docs/pictures/${name}.png`));
  say(`docs/pictures/${name}.png`);
}
