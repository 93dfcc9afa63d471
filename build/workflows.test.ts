/** What GitHub's own check of a workflow leaves to its author. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './bundle.ts';
import { feedVariable } from './package/publish.ts';

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

describe('release.yml', () => {
  const text = readFileSync(join(folder, 'release.yml'), 'utf8');
  /** A job, from its name to the next one's. */
  const job = (name: string) => new RegExp(`^  ${name}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(text)?.[1] ?? '';

  test('the feed is named by the repository, and reaches the build', () => {
    expect(job('build')).toContain(`${feedVariable}: \${{ vars.${feedVariable} }}`);
  });

  test('the feeds of all builds are joined before the checksums, and nothing overwrites another', () => {
    expect(job('join')).not.toContain('merge-multiple: true');
    expect(job('join')).toMatch(/join-feeds packages\n[\s\S]*sha256sum/);
    expect(job('build')).toContain('dist/latest*.yml');
  });

  test('the job that may write runs nothing but what hands over the joined packages', () => {
    expect(text.match(/contents: write/g)).toHaveLength(1);
    expect(job('draft')).toContain('contents: write');
    expect(job('draft')).toMatch(/needs: join\n[\s\S]*name: release\n/);
    expect(job('draft').match(/ uses: actions\/[\w-]+/g)).toEqual([' uses: actions/download-artifact']);
    expect(job('draft').match(/ run: .*/g)).toEqual([expect.stringMatching(/^ run: gh release create/)]);
  });
});
