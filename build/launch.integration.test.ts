import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { nodeBuildOptions } from './bundle.ts';

test('what is launched gets no switches of other programs, and no temporary folder that is gone', async () => {
  const folder = testFolder();
  await build({ ...nodeBuildOptions(folder), entryPoints: [{ in: 'build/launch.ts', out: 'launch' }] });
  writeFileSync(join(folder, 'serve.cjs'), 'console.log(JSON.stringify(process.env))');
  const shell = {
    PATH: process.env.PATH,
    NODE_OPTIONS: '--no-deprecation',
    NODE_DEBUG: 'net',
    npm_config_arch: 'arm64',
    TMPDIR: '/nowhere',
    HOME: folder,
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ours.pem',
  };
  const printed = execFileSync(process.execPath, [join(folder, 'launch.cjs'), 'serve'], {
    env: shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { PATH, HOME, NODE_EXTRA_CA_CERTS } = shell;
  expect(JSON.parse(printed)).toEqual({ PATH, HOME, NODE_EXTRA_CA_CERTS });
});

test('the tools take no settings of other projects, and keep nothing in the working folder', () => {
  const cwd = testFolder();
  // A command that does nothing: compiled, as each of them is.
  execFileSync(process.execPath, [join(import.meta.dirname, 'run.mjs'), 'terminal'], {
    cwd,
    env: {
      PATH: process.env.PATH,
      TMPDIR: 'here',
      TSX_TSCONFIG_PATH: '/nowhere',
      ESBUILD_BINARY_PATH: '/nowhere',
    },
  });
  expect(readdirSync(cwd)).toEqual([]);
});
