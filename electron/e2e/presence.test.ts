/** Two agents at one ticket: each sees that the other is there, and neither moves nor loses what the other types. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Agent, agentAt } from './agent.ts';
import { holdByPointer, restPointer } from './harness.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';
import { startTeamDesks, type TeamDesks } from './team-desks.ts';

const title = 'Printer prints blank pages';
let desks: TeamDesks<'Ada' | 'Bo'>;
let ada: Agent;
let bo: Agent;
beforeAll(async () => {
  desks = await startTeamDesks('Ada', 'Bo');
  await seed(desks.Bo, [{ title, description: 'On floor 3', name: 'Cy' }]);
  [ada, bo] = [await agentAt(desks.Ada.page), await agentAt(desks.Bo.page)];
});
afterAll(() => desks?.stop());

const inTicket = (agent: Agent, words: string) =>
  agent.page.locator('.panel-frame footer').getByText(words, { exact: true });
const inRow = (agent: Agent, words: string) =>
  agent.page.locator('.ticket-row .cell-title').getByText(words, { exact: true });

test('who looks at a ticket and who types in it shows in the row and in the ticket, and goes', async () => {
  await bo.find(title);
  await inRow(ada, 'Bo looks at it').waitFor();
  await ada.find(title);
  await inTicket(ada, 'Bo looks at it').waitFor();
  await bo.press('r');
  await bo.page.keyboard.type('Did you change the to');
  await inTicket(ada, 'Bo is typing').waitFor();
  await inRow(ada, 'Bo is typing').waitFor();
  await lookAt(desks.Ada, 'presence');
});

test('of a ticket that has left the view its own words are struck out, and not what is said of it', async () => {
  const setStatus = (status: string) =>
    desks.Bo.graphql(`mutation { updateTicket(input: { id: 1, status: "${status}" }) { success } }`);
  await holdByPointer(ada.page);
  await setStatus('Completed');
  const row = ada.page.locator('.ticket-row.leaving');
  await inRow(ada, 'Bo is typing').or(inRow(ada, 'Bo looks at it')).waitFor();
  await row.getByText('gone from here').waitFor();
  await lookAt(desks.Ada, 'gone-from-here');
  // A line goes through all that is drawn within it, but for what is a block within a line.
  const struck = await row.evaluate((element) => {
    const isStruck = (at: Element): boolean =>
      getComputedStyle(at).textDecorationLine === 'line-through' ||
      (getComputedStyle(at).display !== 'inline-block' &&
        at !== element &&
        isStruck(at.parentElement as Element));
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (texts.nextNode())
      if (isStruck(texts.currentNode.parentElement as Element)) found.push(texts.currentNode.nodeValue ?? '');
    return found;
  });
  expect(struck).toEqual(['1', title, 'Cy']);
  await setStatus('New');
  await row.waitFor({ state: 'detached' });
  await restPointer(ada.page);
});

test('what a colleague writes arrives and is said, and nothing that is being typed moves or is lost', async () => {
  await ada.press('c');
  await ada.page.keyboard.type('Toner is from the wrong ba');
  const box = ada.page.locator('.panel-frame footer textarea');
  const place = () =>
    box.evaluate((element) => ({
      top: element.getBoundingClientRect().top,
      caret: (element as HTMLTextAreaElement).selectionStart,
      isFocused: element === document.activeElement,
    }));
  const before = await place();
  await bo.page.keyboard.type('ner?');
  await bo.press('Control+Enter');
  await ada.page
    .getByRole('article', { name: 'Answer by Bo' })
    .getByText('Did you change the toner?')
    .waitFor();
  await expect.poll(() => ada.heard()).toContain('New answer by Bo');
  expect(await place()).toEqual(before);
  await ada.page.keyboard.type('tch');
  expect(await box.inputValue()).toBe('Toner is from the wrong batch');
  await ada.press('Control+Enter Escape');
  await bo.page.getByText('Toner is from the wrong batch').waitFor();
  await bo.press('Escape Escape');
  await inTicket(ada, 'Bo looks at it').waitFor({ state: 'detached' });
  await inRow(ada, 'Bo looks at it').waitFor({ state: 'detached' });
  expect(await ada.heard()).not.toContain('New note by Ada');
  expect([...ada.lost, ...bo.lost]).toEqual([]);
});

test('a comment on a ticket that was deleted meanwhile comes back to its author, with ways to go on', async () => {
  await desks.Ada.cut();
  await ada.write('c', 'Ordered a new one');
  await bo.press('Delete');
  await bo.page.getByText('#1 was deleted.').waitFor();
  await desks.Ada.mend();
  const failed = ada.page.locator('.panel-frame').getByRole('article', { name: 'Note that waits' });
  await failed.getByRole('button', { name: 'Discard' }).waitFor();
  for (const name of ['Edit', 'Copy', 'Discard']) await failed.getByRole('button', { name }).waitFor();
  await lookAt(desks.Ada, 'failed-comment');
  await ada.tabTo(failed.getByRole('button', { name: 'Discard' }));
  await ada.press('Enter');
  await failed.waitFor({ state: 'detached' });
  await expect.poll(() => ada.page.evaluate(() => document.activeElement?.className)).toContain('panel-body');
  expect(ada.lost).toEqual([]);
});
