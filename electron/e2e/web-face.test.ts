/** The same renderer in a real browser, on `serve` in plain Node. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { hashedLine } from '../../backend/secrets.ts';
import { writeWholeFile } from '../../backend/whole-file.ts';
import { lookAtPage } from './looks.ts';
import { askInPage, openBrowser, openWebFace, serveProxy } from './web-harness.ts';

async function file(page: Page, title: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Requester').fill('Ada');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('row', { name: title }).waitFor();
  // The row can be there before the form has given its place to what was filed; what is typed until then goes with it.
  await page.getByRole('heading', { name: title }).waitFor();
}

const stored = (page: Page, title: string) =>
  expect
    .poll(() => page.getByRole('row', { name: title }).getAttribute('data-state'), { timeout: 30_000 })
    .toBe('STORED');

test('a ticket is filed in one browser and seen in another within a second', async () => {
  const served = await serveProxy();
  const one = await openWebFace(await served.nextLink());
  const other = await openWebFace(await served.nextLink());
  await one.page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  await other.page.getByText('connected', { exact: true }).waitFor();
  await one.page.mouse.move(1, 1);
  await other.page.mouse.move(1, 1);
  await file(one.page, 'From the browser');
  await stored(one.page, 'From the browser');
  await other.page.getByRole('row', { name: 'From the browser' }).waitFor({ timeout: 1_000 });
  expect(await one.page.evaluate(() => 'desk' in window)).toBe(false);
  // A view that is shared in the one is in the other when that is looked at again.
  await one.page.keyboard.press('v');
  await one.page.getByRole('dialog').getByLabel('Name').fill('For everybody');
  await one.page.getByLabel('Everybody', { exact: true }).check();
  await one.page.keyboard.press('Enter');
  await one.page.getByRole('button', { name: /^For everybody *1$/ }).waitFor();
  // Playwright lets every page think that it has the focus all the time.
  await other.page.evaluate(() => dispatchEvent(new Event('focus')));
  await other.page.getByRole('button', { name: /^For everybody *1$/ }).waitFor({ timeout: 2_000 });
  await lookAtPage(one.page, 'web-list');
  expect([...one.pageErrors, ...other.pageErrors]).toEqual([]);
});

test('of what is kept on the server the page never says that it is on this computer', async () => {
  const served = await serveProxy();
  const { page } = await openWebFace(await served.nextLink());
  const words = () => page.locator('body').textContent();
  await page.getByRole('button', { name: 'File the first ticket' }).waitFor({ timeout: 30_000 });
  expect(await words()).toContain('saved on the server');
  expect(await words()).not.toContain('this computer');
  await file(page, 'Kept elsewhere');
  await page.getByText('“Kept elsewhere” is saved on the server.').waitFor();
  await page.getByRole('button', { name: /^Outbox/ }).click();
  await page.getByText('Nothing waits').waitFor({ timeout: 30_000 });
  expect(await words()).not.toContain('this computer');
});

test('what was filed is there after a restart of the server', async () => {
  const first = await serveProxy({ keepData: true });
  const { page } = await openWebFace(await first.nextLink());
  await file(page, 'Kept');
  await stored(page, 'Kept');
  first.process.kill('SIGTERM');
  await first.exited;

  const second = await serveProxy({ dataDir: first.dataDir });
  const again = await openWebFace(await second.nextLink());
  await again.page.getByRole('row', { name: 'Kept' }).waitFor({ timeout: 30_000 });
});

test('the printed link signs a browser in once; a reload, another tab and the link again stay signed in', async () => {
  const served = await serveProxy();
  const link = await served.nextLink();
  const { page, pageErrors } = await openWebFace(link);
  await file(page, 'By the link');
  expect(page.url()).not.toContain('code');
  await page.reload();
  await page.getByRole('row', { name: 'By the link' }).waitFor();
  const tab = await page.context().newPage();
  await tab.goto(served.url);
  await tab.getByRole('row', { name: 'By the link' }).waitFor();
  const again = await page.context().newPage();
  await again.goto(link);
  await again.getByRole('row', { name: 'By the link' }).waitFor();
  expect(pageErrors).toEqual([]);

  const other = await openWebFace(link);
  await other.page.getByText('This link was used already').waitFor();
  await lookAtPage(other.page, 'web-link-used');
  await other.page.reload();
  await other.page.getByText('open the link that it printed').waitFor();
  // Pasted into the same tab it changes nothing but what is behind #.
  await other.page.goto(await served.nextLink());
  await other.page.getByRole('row', { name: 'By the link' }).waitFor();
});

test('a link that is followed while the server can not be reached is good for the next try', async () => {
  const served = await serveProxy();
  const page = await (await openBrowser()).newPage();
  await page.route('**/session', (route) => route.abort());
  await page.goto(await served.nextLink());
  await page.getByText('The server does not answer').waitFor();
  await page.unroute('**/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  expect(page.url()).not.toContain('code');
});

test('a browser that may keep nothing is signed in all the same, until the page is left', async () => {
  const served = await serveProxy();
  const context = await openBrowser();
  // As Chromium does where somebody has blocked all cookies.
  await context.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    for (const storage of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, storage, { get: refuse });
    navigator.locks.request = async () => refuse();
    indexedDB.open = refuse;
  });
  const page = await context.newPage();
  await page.goto(await served.nextLink());
  await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  await file(page, 'Kept by the server alone');
  await stored(page, 'Kept by the server alone');
  await page.reload();
  await page.getByLabel('Access token').fill(await readFile(join(served.dataDir, 'api-token'), 'utf8'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('row', { name: 'Kept by the server alone' }).waitFor();
});

test('a server that was started anew asks again, and one link brings every tab back with what was typed', async () => {
  const first = await serveProxy({ keepData: true });
  const { page } = await openWebFace(await first.nextLink());
  await file(page, 'Before');
  await page.keyboard.press('n');
  await page.getByLabel('Title').fill('Half typed');
  first.process.kill('SIGTERM');
  await first.exited;

  const second = await serveProxy({ dataDir: first.dataDir, env: { PORT: new URL(first.url).port } });
  await page.reload();
  await page.getByText('The server was started anew').waitFor();
  const tab = await page.context().newPage();
  await tab.goto(await second.nextLink());
  await tab.getByRole('row', { name: 'Before' }).waitFor();
  await page.getByRole('row', { name: 'Before' }).waitFor();
  await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Half typed');
});

test('what is typed before the stream of changes has begun stays', async () => {
  const served = await serveProxy();
  const { page } = await openWebFace(await served.nextLink());
  await file(page, 'Typed early');
  await stored(page, 'Typed early');
  let begin = () => {};
  const held = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('subscription')) await held;
    await route.continue();
  });
  await page.reload();
  const note = page.getByLabel('Write a note');
  await note.fill('Half typed');
  begin();
  await page.getByText('connected', { exact: true }).waitFor();
  expect(await note.inputValue()).toBe('Half typed');
});

/** Serves to whose tokens are listed, and signs in with them. */
async function serveListed() {
  const folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'list');
  // Seen half written, it would admit nobody.
  const admit = (...lines: string[]) => writeWholeFile(file, [lines.join('\n')]);
  await admit('a-token-for-nobody-yet');
  const { url } = await serveProxy({ env: { API_TOKENS_FILE: file } });
  const { page } = await openWebFace(url);
  const signIn = async (token: string) => {
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  return { page, admit, signIn };
}

test('whose token is withdrawn is told so, and goes on with another where the typing stopped', async () => {
  const { page, admit, signIn } = await serveListed();
  await signIn('a-token-for-nobody-yet');
  await file(page, 'Of one token');
  await page.getByLabel('Write a note').fill('Half typed');
  await admit('a-token-for-bo-alone');
  await page.getByText('Your token has expired or was withdrawn').waitFor();
  await signIn('a-token-for-bo-alone');
  await page.getByRole('heading', { name: 'Of one token' }).waitFor();
  await expect.poll(() => page.getByLabel('Write a note').inputValue()).toBe('Half typed');
});

test('whoever signs in after somebody else finds nothing that is theirs alone, and they find it again', async () => {
  const { page, admit, signIn } = await serveListed();
  const lineOf = (name: string) => hashedLine(`a-token-for-${name}-alone`, { name, lastDay: undefined });
  const changeTo = async (name: string) => {
    await admit(lineOf(name));
    await page.getByText('Your token has expired or was withdrawn').waitFor();
    await signIn(`a-token-for-${name}-alone`);
    await page.getByRole('heading', { name: 'Of both' }).waitFor();
  };
  const note = page.getByLabel('Write a note');
  const said = page.getByRole('article', { name: 'Note by' });

  await signIn('a-token-for-nobody-yet');
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await file(page, 'Of both');
  await stored(page, 'Of both');
  await changeTo('Ada');
  await note.fill('Said');
  await page.keyboard.press('Control+Enter');
  await said.getByRole('button', { name: 'Edit' }).click();
  await said.getByRole('textbox').fill('Said otherwise');
  await note.fill('Half typed');
  await page.getByTitle(/^Set the priority/).click();
  await page.getByRole('menuitemradio', { name: 'Urgent' }).click();
  await page.getByText('#1 is Urgent.').waitFor();

  await changeTo('Bo');
  await said.getByText('Said', { exact: true }).waitFor();
  expect(await note.inputValue()).toBe('');
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  await page.getByRole('grid').press('Control+z');
  await page.getByText('There is nothing to undo.').waitFor();

  await changeTo('Ada');
  await expect.poll(() => note.inputValue()).toBe('Half typed');
  expect(await said.getByRole('textbox').inputValue()).toBe('Said otherwise');
});

test.each(['127.0.0.1', '0.0.0.0'])(
  'without the link, on %s, the face asks for a token and takes it',
  async (HOST) => {
    const served = await serveProxy({ env: { HOST } });
    const url = served.url.replace('0.0.0.0', '127.0.0.1');
    const { page } = await openWebFace(url);
    await page.getByLabel('Access token').waitFor();
    await lookAtPage(page, `web-sign-in-${HOST}`);
    await page.getByLabel('Access token').fill('too-short');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The token needs at least 16 characters.').waitFor();
    await page.getByLabel('Access token').fill('not-the-right-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('did not accept this token').waitFor();
    const token = await readFile(join(served.dataDir, 'api-token'), 'utf8');
    expect(served.output()).not.toContain(token.trim());
    await page.getByLabel('Access token').fill(token.trim());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await file(page, 'With a token');
  },
);

test('on paper is the whole ticket, dark on light, and nothing beside it', async () => {
  const served = await serveProxy();
  const { page } = await openWebFace(await served.nextLink());
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Title').fill('Long');
  await page.getByLabel('Description').fill('A line.\n'.repeat(100));
  await page.getByLabel('Requester').fill('Ada');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Long' }).waitFor();
  const hidden = () => page.locator('.panel-body').evaluate((body) => body.scrollHeight - body.clientHeight);
  await expect.poll(hidden).toBeGreaterThan(0);
  await page.emulateMedia({ media: 'print' });
  expect(await hidden()).toBe(0);
  expect(await page.getByRole('navigation', { name: 'Views' }).isVisible()).toBe(false);
  expect(await page.locator('html').getAttribute('data-bs-theme')).toBe('light');
});

test('on a phone the list has the room, and the detail covers it', async () => {
  const served = await serveProxy();
  const { page } = await openWebFace(await served.nextLink(), { width: 390, height: 844 });
  await page.getByText('File the first ticket').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'New ticket' }).click();
  await page.getByLabel('Title').fill('From a phone');
  await page.getByLabel('Requester').fill('Ada');
  await page.getByRole('button', { name: 'File ticket' }).click();
  // What was filed covers the list; Escape leads back to it.
  await page.getByRole('heading', { name: 'From a phone' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: 'From a phone' }).waitFor();
  await lookAtPage(page, 'web-phone', [{ width: 390, height: 844 }]);
  const isWiderThanTheScreen = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(isWiderThanTheScreen).toBe(false);
});

test('a page of another origin can neither read nor write', async () => {
  const served = await serveProxy();
  const mine = await openWebFace(await served.nextLink());
  await mine.page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
  const foreign = await (await openBrowser()).newPage();
  // Another origin without a server of its own.
  await foreign.route('http://foreign.test/', (route) =>
    route.fulfill({ body: '<title>foreign</title>', contentType: 'text/html' }),
  );
  await foreign.goto('http://foreign.test/');
  const succeeded = await foreign.evaluate(async (origin) => {
    const body = JSON.stringify({
      query: 'mutation { createTicket(input: { title: "foreign", description: "", name: "x" }) { success } }',
    });
    const text = (attempt: Promise<Response>) =>
      attempt.then(
        (response) => response.text(),
        () => '',
      );
    const read = [
      await text(fetch(`${origin}/`)),
      await text(fetch(`${origin}/graphql?query={healthCheck}`)),
      await text(
        fetch(`${origin}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
      ),
    ];
    await text(fetch(`${origin}/graphql`, { method: 'POST', mode: 'no-cors', body }));
    await text(fetch(`${origin}/query`, { method: 'POST', mode: 'no-cors', body }));
    return read.filter((answer) => answer !== '');
  }, served.url);
  expect(succeeded).toEqual([]);
  const titles = await askInPage(mine.page, { query: '{ tickets { title } outbox { entries { title } } }' });
  expect(titles).toContain('"tickets":[]');
  expect(titles).not.toContain('foreign');
});
