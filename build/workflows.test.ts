/** What GitHub's own check of a workflow leaves to its author. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './bundle.ts';

const folder = join(root, '.github/workflows');

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');

  test('each action is named by its commit, with the version for the reader', () => {
    const uses = text.match(/^.*\buses:.*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d/);
  });

  test('nothing may be done but what a job asks for', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(text).not.toMatch(/write-all|pull_request_target/);
  });

  test('no secret and no text from outside is written into a script', () => {
    // In `env:` and `if:` an expression is a value; in `run:` it would be part of the script.
    const scripts = text.match(/\brun: (\|[\s\S]*?(?=\n {6}- |\n {8}\w+:|\n {2}\w)|.*)/g) ?? [];
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) expect(script).not.toContain('${{');
  });
});
