/** A draft whose earlier press has filed it, though the answer was lost: what was typed since is never taken for filed. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNothingWaits, launchConnectedDesk, type RunningDesk, startedFolder } from './harness.ts';
import { lookAt } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';
import { askInPage, openBrowser, serveProxy } from './web-harness.ts';

const first = { title: 'Printer', description: 'Prints blank pages', name: 'Ada' };
const second = { ...first, description: 'Prints blank pages, and it smells' };

/** The create arrives; the page does not hear of it. */
async function loseAnswers(page: Page): Promise<void> {
  await page.evaluate(() => {
    const send = window.fetch;
    window.fetch = async (input, init) => {
      const answer = await send(input, init);
      if (String(init?.body).includes('CreateTicket')) throw new TypeError('the answer was lost');
      return answer;
    };
  });
}

const pressFile = (page: Page) => page.getByRole('button', { name: 'File ticket' }).click();
const described = async (desk: RunningDesk) => {
  const { data } = await desk.graphql<{ tickets: { id: number; title: string; description: string }[] }>(
    '{ tickets { id title description } }',
  );
  return data?.tickets.filter(({ title }) => title === first.title).map(({ description }) => description);
};

/** A desk on which the first text was filed, and whose form has it as not filed; closed. */
async function deskWithLostAnswer(meanwhile: (desk: RunningDesk) => Promise<unknown>): Promise<string> {
  const userData = await startedFolder();
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;
  await loseAnswers(page);
  await page.keyboard.press('Control+n');
  await page.getByLabel('Title').fill(first.title);
  await page.getByLabel('Description').fill(first.description);
  await page.getByLabel('Requester').fill(first.name);
  await pressFile(page);
  await page.getByRole('alert').getByText('did not answer').waitFor();
  await expect.poll(() => described(desk), { timeout: 10_000 }).toEqual([first.description]);
  await meanwhile(desk);
  await desk.close();
  return userData;
}

/** The draft has come back, and is edited. */
async function editDraft({ page }: RunningDesk): Promise<void> {
  await page.keyboard.press('Control+n');
  const description = page.getByLabel('Description');
  await expect.poll(() => description.inputValue()).toBe(first.description);
  await description.fill(second.description);
}

test.each([
  [
    'though 100 others were filed since',
    async (desk: RunningDesk) =>
      void (await seed(
        desk,
        Array.from({ length: 101 }, (_, at) => ({ title: `Other ${at}` })),
      )),
    [first.description],
  ],
  [
    'though its ticket was deleted',
    async (desk: RunningDesk) =>
      void (await desk.graphql('mutation { deleteTicket(input: { id: 1 }) { success } }')),
    [],
  ],
])(
  'after a restart the form says that it was filed, and keeps what was typed since, %s',
  async (_how, meanwhile, left) => {
    const userData = await deskWithLostAnswer(meanwhile);
    const desk = await launchConnectedDesk({ userData });
    const { page } = desk;
    await editDraft(desk);
    await pressFile(page);
    const alert = page.getByRole('alert').filter({ hasText: 'An earlier press has filed this ticket' });
    await alert.getByRole('button', { name: 'Open #1' }).waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe(second.description);
    expect(await described(desk)).toEqual(left);

    await pressFile(page);
    await expect.poll(() => described(desk), { timeout: 10_000 }).toEqual([second.description, ...left]);
    await expectNothingWaits(desk);
  },
);

test('the same text, filed again after a restart, is the one ticket that it has been all along', async () => {
  const userData = await deskWithLostAnswer(async () => {});
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;
  await page.keyboard.press('Control+n');
  await expect.poll(() => page.getByLabel('Description').inputValue()).toBe(first.description);
  await pressFile(page);
  await page.getByRole('heading', { name: '#1' }).waitFor();
  expect(await described(desk)).toEqual([first.description]);
});

test('filed while nobody can tell, it comes back as failed with both texts, and becomes a ticket of its own', async () => {
  const userData = await deskWithLostAnswer(async () => {});
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;
  const service = await holdTicketService(desk);
  await editDraft(desk);
  await pressFile(page);
  await page.getByRole('heading', { name: 'Not sent yet' }).waitFor();

  service.release();
  await page.getByRole('heading', { name: 'Needs a change' }).waitFor({ timeout: 30_000 });
  await page.getByRole('alert').getByText('filed before with another text, which is ticket #1').waitFor();
  await page.getByText(second.description, { exact: true }).waitFor();
  const before = page.getByRole('region', { name: 'Ticket #1, filed before' });
  await before.getByText(first.description, { exact: true }).waitFor();
  await lookAt(desk, 'used-request-id');
  // Both stand in the list, each as what it is.
  const rows = page.getByRole('row', { name: first.title });
  await expect
    .poll(async () => Promise.all((await rows.all()).map((row) => row.getAttribute('data-state'))))
    .toEqual(['FAILED', 'STORED']);

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill('Printer smells');
  await page.getByRole('button', { name: 'Save and send' }).click();
  await expect
    .poll(async () => (await desk.graphql('{ tickets { title description } }')).data, { timeout: 10_000 })
    .toEqual({
      tickets: [
        { title: 'Printer smells', description: second.description },
        { title: first.title, description: first.description },
      ],
    });
  await expectNothingWaits(desk);
  expect(desk.pageErrors).toEqual([]);
});

test('what one browser tab types while another files the same draft becomes a ticket of its own', async () => {
  const { url, nextLink } = await serveProxy();
  const context = await openBrowser();
  const openForm = async (address: string) => {
    const page = await context.newPage();
    await page.goto(address);
    await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+n');
    return { page, description: page.getByLabel('Description') };
  };
  const filing = await openForm(await nextLink());
  await filing.page.getByLabel('Title').fill(first.title);
  await filing.description.fill(first.description);
  await filing.page.getByLabel('Requester').fill(first.name);
  // The session is the browser's: a second tab needs no link.
  const typing = await openForm(url);
  await expect.poll(() => typing.description.inputValue()).toBe(first.description);

  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await filing.page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('CreateTicket')) await held;
    await route.continue();
  });
  await pressFile(filing.page);
  await filing.page.getByRole('button', { name: 'Filing…' }).waitFor();
  await typing.description.fill(second.description);
  await expect.poll(() => filing.description.inputValue()).toBe(second.description);
  answer();
  await filing.page.getByRole('heading', { name: '#1' }).waitFor();

  expect(await typing.description.inputValue()).toBe(second.description);
  await pressFile(typing.page);
  await typing.page.getByRole('heading', { name: '#2' }).waitFor();
  const descriptionOf = async (id: number) =>
    JSON.parse(await askInPage(typing.page, { query: `{ ticket(id: ${id}) { description } }` })).data.ticket
      .description;
  expect([await descriptionOf(1), await descriptionOf(2)]).toEqual([first.description, second.description]);
});
