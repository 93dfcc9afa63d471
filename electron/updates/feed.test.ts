import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { externalLinkProblem } from '../external-links.ts';
import { isOfFeed, readFeed } from './feed.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-feed-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function named(url: string) {
  const file = join(folder, 'app-update.yml');
  await writeFile(file, `provider: generic\nurl: ${url}\nupdaterCacheDirName: ticket-desk-updater\n`);
  return readFeed(file);
}

test('a build names its feed, over https or on this computer', async () => {
  expect(await named('https://updates.example.org/desk')).toMatchObject({
    feed: { url: 'https://updates.example.org/desk/' },
  });
  expect(await named("'http://127.0.0.1:8080/'")).toMatchObject({ feed: { url: 'http://127.0.0.1:8080/' } });
});

test.each([
  'http://updates.example.org/',
  'ftp://updates.example.org/',
  'file:///srv/updates',
  'http://127.0.0.1.example.org/',
])('nothing is fetched from %s', async (url) => {
  expect(await named(url)).toEqual({ problem: expect.stringContaining('is not https') });
});

test('a build without a feed says so', async () => {
  for (const file of [undefined, join(folder, 'none.yml')]) {
    expect(await readFeed(file)).toEqual({ problem: 'Updates are not configured in this build.' });
  }
});

test("only the feed's own origin counts as the feed, and its pages may be opened", () => {
  const feed = { url: 'https://updates.example.org/desk/' };
  expect(isOfFeed('https://updates.example.org/desk/latest.yml', feed)).toBe(true);
  for (const url of [
    'http://updates.example.org/desk/',
    'https://updates.example.org:8443/',
    'https://evil.example/',
    'nonsense',
  ])
    expect(isOfFeed(url, feed)).toBe(false);
  const page = 'https://updates.example.org/desk/ticket-desk.deb';
  expect(externalLinkProblem(page)).not.toBeNull();
  expect(externalLinkProblem(page, 'updates.example.org')).toBeNull();
  expect(externalLinkProblem('http://updates.example.org/x.deb', 'updates.example.org')).not.toBeNull();
});
