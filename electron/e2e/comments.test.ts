/** What is said about a ticket: written by keyboard, seen in the thread, kept without a link. */
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { deskForSuite, expectConnected, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;
let id: number;

deskForSuite((started) => {
  desk = started;
  page = desk.page;
});

beforeEach(async () => {
  [id] = (await seed(desk, [
    {
      title: 'Printer on floor 3 prints blank pages',
      description: 'It prints one page, then blank ones.',
      name: 'Ada Lovelace',
    },
  ])) as [number];
  await page.goto(`app://desk/#/ticket/${id}`);
  await page.reload();
  await box().waitFor();
});

const thread = () => page.getByRole('region', { name: 'Comments and changes' });
const box = () => page.getByRole('textbox', { name: /^(Write a note|Answer the requester)/ });
const comments = async () => {
  const query = 'query($id: Int!) { ticket(id: $id) { comments { edges { node { kind body } } } } }';
  const { data } = await desk.graphql<{ ticket: { comments: { edges: { node: object }[] } } }>(query, { id });
  return data?.ticket.comments.edges.map(({ node }) => node);
};

test('a note and an answer are written by keyboard, and drawn as Markdown', async () => {
  await page.keyboard.press('c');
  await box().pressSequentially('Toner is from the *wrong* batch, see');
  await page.keyboard.press('Enter');
  await box().pressSequentially('[the list](https://example.org/toner) <img src=x onerror=alert(1)>');
  await page.keyboard.press('Control+Enter');
  await thread().getByText('wrong').waitFor();
  await expect.poll(() => box().inputValue()).toBe('');
  expect(await thread().locator('em').textContent()).toBe('wrong');
  expect(await thread().getByRole('link', { name: 'the list' }).getAttribute('href')).toBe(
    'https://example.org/toner',
  );
  expect(await thread().locator('img').count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  const answer = `> Is the toner right?\n\nWorks again, thank you! It had said:\n\n\`\`\`\n${'paper_jam '.repeat(20)}\n\`\`\``;
  await box().fill(answer);
  await page.keyboard.press('Control+Enter');
  await thread().getByText('Works again').waitFor();
  await expect.poll(comments).toMatchObject([{ kind: 'NOTE' }, { kind: 'ANSWER', body: answer }]);
  const quote = thread().locator('blockquote', { hasText: 'Is the toner right?' });
  // What the requester had said is not to be read as said by who quotes it.
  expect(await quote.evaluate((element) => getComputedStyle(element).borderLeftStyle)).toBe('solid');
  await lookAt(desk, 'thread');
});

test('one that was deleted comes back by Ctrl+Z, as it was', async () => {
  await page.keyboard.press('c');
  await box().pressSequentially('The old toner is on the shelf');
  await page.keyboard.press('Control+Enter');
  const note = thread().getByRole('article', { name: 'Note by Mo' });
  await note.getByRole('button', { name: 'Delete' }).focus();
  const said = await comments();
  await page.keyboard.press('Enter');
  await page.getByText('Your note was deleted.').waitFor();
  await note.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await note.getByText('The old toner is on the shelf').waitFor();
  await thread().getByText('deleted a comment · brought a comment back').waitFor();
  expect(await note.getByText('edited').count()).toBe(0);
  expect(await comments()).toEqual(said);
});

test('what is being written is there again after a reload', async () => {
  await page.keyboard.press('r');
  await box().pressSequentially('Half an ans');
  await page.getByRole('radio', { name: 'Answer' }).isChecked();
  await page.reload();
  await expect.poll(() => box().inputValue()).toBe('Half an ans');
  await expect.poll(() => page.getByRole('radio', { name: 'Answer' }).isChecked()).toBe(true);
});

test('without a link it is kept, says so, and is there once the link is back', async () => {
  const service = await holdTicketService(desk);
  await page.keyboard.press('c');
  await box().pressSequentially('Written on the train');
  await page.keyboard.press('Control+Enter');
  const waiting = thread().getByRole('article', { name: 'Note that waits' });
  await waiting.getByText('Written on the train').waitFor();
  await waiting.getByText('saved on this computer, not sent yet').waitFor();
  await lookAt(desk, 'thread-offline');
  service.release();
  await expectConnected(desk);
  await waiting.waitFor({ state: 'detached' });
  await thread().getByText('Written on the train').waitFor();
  expect(await comments()).toMatchObject([{ body: 'Written on the train' }]);
});
