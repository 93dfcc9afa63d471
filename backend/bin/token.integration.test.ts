import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { ApiTokens } from '../secrets.ts';
import { bundleBackend } from '../testing/bundle.ts';

let program: string;
beforeAll(async () => {
  program = path.join(await bundleBackend(), 'token.cjs');
});

const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);

/** The token and its line. */
async function make(...args: string[]): Promise<[token: string, line: string]> {
  const { stdout } = await run(...args);
  const [token = '', line = ''] = stdout.split('\n').flatMap((text) => /^ {2}(\S.*)$/.exec(text)?.[1] ?? []);
  return [token, line];
}

it('makes a token that its line admits under its name, through its last day', async () => {
  const [token, line] = await make('--name', "Ada's desk", '--days', '90');
  const tokens = new ApiTokens([line]);
  const inDays = (days: number) => tokens.admits(`Bearer ${token}`, Date.now() + days * 86_400_000);
  expect(inDays(0)).toMatchObject({ admitted: true, name: "Ada's desk" });
  expect(inDays(90)).toMatchObject({ admitted: true });
  expect(inDays(91)).toMatchObject({ reason: 'expired' });
  expect(line).not.toContain(token);
});

it('makes a token for a proxy, which acts for others', async () => {
  const [token, line] = await make('--name', 'web face', '--proxy');
  expect(new ApiTokens([line]).admits(`Bearer ${token}`)).toMatchObject({
    admitted: true,
    name: 'web face',
    agent: undefined,
  });
});

it('says what is missing, and makes nothing', async () => {
  await expect(run('--days', '90')).rejects.toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('--name'),
  });
  await expect(run('--name', 'Ada', '--days', 'many')).rejects.toMatchObject({ stdout: '' });
});
