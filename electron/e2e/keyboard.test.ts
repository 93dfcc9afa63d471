/** One cursor: each line of the table in docs/keyboard.md, in one window. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { deskForSuite, listIsRead, type RunningDesk, repository, restPointer } from './harness.ts';
import { seed } from './seed.ts';
import { type Standing, saysNotAtTicket, standingOf } from './standing.ts';

let desk: RunningDesk;
let page: Page;
/** Each case has four tickets of its own at the top: "a" was filed first, "d" last. None of their words is another's number. */
let ids: Record<'a' | 'b' | 'c' | 'd', number>;
let names: Record<'a' | 'b' | 'c' | 'd', string>;

deskForSuite((started) => {
  desk = started;
  page = started.page;
});

let turn = 0;
beforeEach(async () => {
  turn += 1;
  const letters = ['a', 'b', 'c', 'd'] as const;
  names = Object.fromEntries(letters.map((letter) => [letter, `${letter}${turn}`])) as typeof names;
  const description = 'A line of a long ticket.\n'.repeat(120);
  const seeded = await seed(
    desk,
    letters.map((letter) => ({ title: names[letter], description, name: 'Ada' })),
  );
  ids = Object.fromEntries(letters.map((letter, at) => [letter, seeded[at]])) as typeof ids;
  await page.goto('app://desk/');
  // In the view that all of them are in, with the cursor nowhere.
  await page.getByRole('button', { name: /^Open *\d+$/ }).click();
  await page.reload();
  await restPointer(page);
  await page.getByText('connected', { exact: true }).waitFor();
  await page.getByRole('row', { name: names.d }).waitFor();
  await listIsRead(page);
});

const standing = () => standingOf(page);

async function expectStanding({ says, ...where }: Standing): Promise<void> {
  await expect.poll(standing, { timeout: 5_000 }).toMatchObject({
    ...where,
    ...(says ? { says: expect.stringMatching(says) } : {}),
  });
}

const press = async (keys: string) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};
const number = (letter: keyof typeof ids) => `#${ids[letter]}`;
const stored = async (letter: keyof typeof ids) =>
  (
    await desk.graphql<{ ticket: Record<string, unknown> | null }>(
      'query ($id: Int!) { ticket(id: $id) { title status tags assigneeId } }',
      { id: ids[letter] },
    )
  ).data?.ticket;

/** Changes it as somebody else does. */
const elsewhere = (input: { id: number; status: string }) =>
  desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', { input });

/** Brings the person to where a case begins. */
const places: Record<string, () => Promise<void>> = {
  'the focus is on nothing': async () => {
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  },
  'the cursor is on no row': async () => page.getByRole('grid').focus(),
  'the cursor is on a row': async () => {
    await press('j j');
    await expectStanding({ cursor: names.c, open: null, focus: 'list' });
  },
  'the ticket of the cursor has left the view': async () => {
    await places['the cursor is on a row']?.();
    await elsewhere({ id: ids.c, status: 'Completed' });
    await page.locator('.ticket-row.active.leaving').waitFor();
  },
  'a ticket is open': async () => {
    await places['the cursor is on a row']?.();
    await press('Enter');
    await expectStanding({ cursor: names.c, open: number('c'), focus: 'list' });
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
  },
  'tickets are chosen': async () => {
    await places['a ticket is open']?.();
    await press('x Shift+j');
    await expectStanding({ cursor: names.b, chosen: [names.c, names.b], open: number('b') });
  },
  'statuses to choose from': async () => {
    await places['a ticket is open']?.();
    await press('s');
    await expectStanding({ focus: 'menu' });
  },
  'agents to choose from': async () => {
    await places['a ticket is open']?.();
    await press('a');
    await expectStanding({ focus: 'menu' });
    const agents = page.getByRole('listbox', { name: 'Agents' });
    await agents.getByText(/\(me\)$/).waitFor();
  },
  'tags are typed': async () => {
    await places['a ticket is open']?.();
    await press('t');
    await expectStanding({ focus: 'menu' });
    // What no ticket has yet, so that nothing is proposed.
    await page.keyboard.type(`VPN, Floor ${turn}`);
  },
  'the status was set': async () => {
    await places['statuses to choose from']?.();
    await press('ArrowDown Enter');
    await expect.poll(() => stored('c')).toMatchObject({ status: 'In Progress' });
    await expectStanding({ says: /is In Progress/ });
  },
  'a ticket is edited': async () => {
    await places['a ticket is open']?.();
    await press('e');
    await expectStanding({ focus: 'title' });
    await page.getByLabel('Title').fill(`${names.c}, edited`);
  },
  'a ticket was edited': async () => {
    await places['a ticket is edited']?.();
    await press('Control+Enter');
    await expect.poll(() => stored('c')).toMatchObject({ title: `${names.c}, edited` });
    await expectStanding({ focus: 'list', says: /was changed/ });
  },
  'a new ticket is typed': async () => {
    await press('n');
    await expectStanding({ focus: 'title' });
    await page.getByLabel('Title').fill(`new of ${turn}`);
    await page.getByLabel('Requester').fill('Ada');
  },
  'the cursor is on a draft': async () => {
    await places['a new ticket is typed']?.();
    await press('Escape');
    await page.locator('[data-state="DRAFT"]').waitFor();
    await press('Home');
    await expectStanding({ cursor: `new of ${turn}`, open: null, focus: 'list' });
  },
  'in the search box': async () => {
    await press('/');
    await page.keyboard.type(names.b);
    await expectStanding({ focus: 'search' });
  },
  'a term begins in the search box': async () => {
    await press('/');
    await page.keyboard.type('sta');
    await page.getByRole('option', { name: 'status:' }).waitFor();
  },
  anywhere: async () => places['a ticket is open']?.(),
  'rows wait above': async () => {
    await press('j');
    await expectStanding({ cursor: names.d, focus: 'list' });
    await seed(desk, [{ title: `above of ${turn}` }]);
    await page.getByRole('button', { name: '1 new' }).waitFor();
  },
};

const isScrolled = async () => {
  const scrollTop = () => page.locator('.panel-body').evaluate((body) => body.scrollTop);
  await expect.poll(scrollTop).toBeGreaterThan(0);
};

/** Where, by which keys, and where it leads; `and` for what is not seen by that. */
const cases: [where: string, keys: string, leads: () => Standing, and?: () => Promise<void>][] = [
  ['the focus is on nothing', 'ArrowDown', () => ({ cursor: names.d, open: null, focus: 'list' })],
  ['the focus is on nothing', 'Enter', () => saysNotAtTicket('list')],
  ['the cursor is on no row', 'j', () => ({ cursor: names.d, open: null, focus: 'list' })],
  ['the cursor is on no row', 'e', () => saysNotAtTicket('list')],
  ['the cursor is on no row', 's', () => saysNotAtTicket('list')],
  ['the cursor is on no row', 'Delete', () => saysNotAtTicket('list')],
  ['the cursor is on no row', 'Enter', () => saysNotAtTicket('list')],
  ['the cursor is on a row', 'k', () => ({ cursor: names.d, open: null, focus: 'list' })],
  ['the cursor is on a row', 'Enter', () => ({ cursor: names.c, open: number('c'), focus: 'list' })],
  ['the cursor is on a row', 'e', () => ({ cursor: names.c, open: number('c'), focus: 'title' })],
  ['the cursor is on a row', 's', () => ({ cursor: names.c, open: number('c'), focus: 'menu' })],
  ['the cursor is on a row', 'p', () => ({ cursor: names.c, open: number('c'), focus: 'menu' })],
  ['the cursor is on a row', 'a', () => ({ cursor: names.c, open: number('c'), focus: 'menu' })],
  ['the cursor is on a row', 't', () => ({ cursor: names.c, open: number('c'), focus: 'menu' })],
  ['the cursor is on a row', 'd', () => ({ cursor: names.c, open: number('c'), focus: 'menu' })],
  [
    'the cursor is on a row',
    'i',
    () => ({ cursor: names.c, open: number('c'), focus: 'list', says: /is given to .*Undo/ }),
    async () => expect.poll(() => stored('c')).toMatchObject({ assigneeId: expect.any(String) }),
  ],
  [
    'the cursor is on a row',
    'Delete',
    () => ({ cursor: names.b, open: null, focus: 'list', says: /was deleted.*Undo/ }),
    async () => expect.poll(() => stored('c')).toBeNull(),
  ],
  [
    'the cursor is on a row',
    'x',
    () => ({ cursor: names.c, chosen: [names.c], bar: '1 chosen', focus: 'list' }),
  ],
  [
    'the cursor is on a row',
    'Shift+j Shift+ArrowUp Shift+k',
    () => ({ cursor: names.d, chosen: [names.d, names.c], bar: '2 chosen', focus: 'list' }),
  ],
  [
    'tickets are chosen',
    'x',
    () => ({ cursor: names.b, chosen: [names.c], open: number('b'), focus: 'list' }),
  ],
  ['tickets are chosen', 'Shift+j', () => ({ cursor: names.a, bar: '3 chosen', focus: 'list' })],
  [
    'tickets are chosen',
    'Control+a x',
    () => ({
      cursor: names.b,
      bar: expect.stringMatching(/^All \d+ that match but 1 chosen$/),
      focus: 'list',
    }),
    async () =>
      expect((await standing()).chosen).toEqual(expect.arrayContaining([names.d, names.c, names.a])),
  ],
  [
    'tickets are chosen',
    'Escape',
    () => ({ cursor: names.b, chosen: [], bar: null, open: number('b'), focus: 'list' }),
  ],
  ['tickets are chosen', 'g n', () => ({ cursor: names.d, chosen: [], bar: null, focus: 'list' })],
  ['tickets are chosen', '/', () => ({ chosen: [], bar: null, focus: 'search' })],
  ['a ticket is open', 'j', () => ({ cursor: names.b, open: number('b'), focus: 'list' })],
  ['a ticket is open', 'Space', () => ({ open: number('c'), focus: 'list' }), isScrolled],
  ['a ticket is open', 'PageDown', () => ({ open: number('c'), focus: 'list' }), isScrolled],
  ['a ticket is open', 'Enter', () => ({ cursor: names.c, open: number('c'), focus: 'reading' })],
  [
    'a ticket is open',
    'Delete',
    () => ({ cursor: names.b, open: number('b'), focus: 'list', says: /was deleted.*Undo/ }),
    async () => expect.poll(() => stored('c')).toBeNull(),
  ],
  ['a ticket is open', 'Escape', () => ({ cursor: names.c, open: null, focus: 'list' })],
  ['statuses to choose from', 'Escape', () => ({ cursor: names.c, open: number('c'), focus: 'list' })],
  [
    'statuses to choose from',
    'ArrowDown Enter',
    () => ({ cursor: names.c, open: number('c'), focus: 'list', says: /is In Progress\..*Undo/ }),
    async () => expect.poll(() => stored('c')).toMatchObject({ status: 'In Progress' }),
  ],
  [
    'statuses to choose from',
    'ArrowDown ArrowDown ArrowDown Enter',
    () => ({ cursor: names.b, open: number('b'), focus: 'list', says: /no longer in Open.*Undo/ }),
    async () => expect.poll(() => stored('c')).toMatchObject({ status: 'Completed' }),
  ],
  [
    'agents to choose from',
    'Enter',
    () => ({ cursor: names.c, open: number('c'), focus: 'list', says: /is given to .*Undo/ }),
    async () => expect.poll(() => stored('c')).toMatchObject({ assigneeId: expect.any(String) }),
  ],
  ['agents to choose from', 'Escape', () => ({ cursor: names.c, open: number('c'), focus: 'list' })],
  [
    'tags are typed',
    'Enter Enter',
    () => ({ cursor: names.c, open: number('c'), focus: 'list', says: /has the tags floor \d+, vpn.*Undo/ }),
    async () => expect.poll(() => stored('c')).toMatchObject({ tags: [`floor ${turn}`, 'vpn'] }),
  ],
  [
    'tags are typed',
    'Escape',
    () => ({ cursor: names.c, open: number('c'), focus: 'list', says: /has the tags floor \d+, vpn.*Undo/ }),
  ],
  [
    'the status was set',
    'Control+z',
    () => ({ cursor: names.c, focus: 'list' }),
    async () => expect.poll(() => stored('c')).toMatchObject({ status: 'New' }),
  ],
  [
    'a ticket is edited',
    'Control+Enter',
    () => ({ cursor: `${names.c}, edited`, focus: 'list', says: /was changed.*Undo/ }),
  ],
  ['a ticket is edited', 'Escape', () => ({ cursor: names.c, open: number('c'), focus: 'list' })],
  [
    'a ticket was edited',
    'Control+z',
    () => ({ cursor: names.c, focus: 'list' }),
    async () => expect.poll(() => stored('c')).toMatchObject({ title: names.c }),
  ],
  [
    'the ticket of the cursor has left the view',
    'x',
    () => ({ cursor: names.c, chosen: [], bar: null, says: /is still in the view can be chosen/ }),
  ],
  ['the cursor is on a draft', 'Enter', () => ({ open: 'New ticket', focus: 'title' })],
  [
    'the cursor is on a draft',
    's',
    () => ({ cursor: `new of ${turn}`, focus: 'list', says: /draft has no status/ }),
  ],
  ['the cursor is on a draft', 'x', () => ({ chosen: [], bar: null, says: /has its number can be chosen/ })],
  [
    'the cursor is on a draft',
    'Delete',
    () => ({ cursor: names.d, focus: 'list', says: /Draft discarded.*Undo/ }),
  ],
  [
    'a new ticket is typed',
    'Control+Enter',
    () => ({ cursor: `new of ${turn}`, open: expect.stringMatching(/^#/), focus: 'list' }),
  ],
  ['in the search box', 'Enter', () => ({ cursor: names.b, open: null, focus: 'list' })],
  ['in the search box', 'Enter Enter', () => ({ cursor: names.b, open: number('b'), focus: 'list' })],
  [
    'in the search box',
    'Escape',
    () => ({ focus: 'search' }),
    async () => expect(await page.getByLabel('Search tickets').inputValue()).toBe(''),
  ],
  [
    'a term begins in the search box',
    'Tab',
    () => ({ focus: 'search' }),
    async () => expect(await page.getByLabel('Search tickets').inputValue()).toBe('status:'),
  ],
  [
    'a term begins in the search box',
    'Escape',
    () => ({ focus: 'search' }),
    async () => {
      await page.getByRole('option', { name: 'status:' }).waitFor({ state: 'hidden' });
      expect(await page.getByLabel('Search tickets').inputValue()).toBe('sta');
    },
  ],
  ['anywhere', 'g n', () => ({ cursor: names.d, open: null, focus: 'list' })],
  ['rows wait above', 'k', () => ({ cursor: `above of ${turn}`, focus: 'list' })],
];

test('docs/keyboard.md tells these cases and no others', () => {
  const text = readFileSync(join(repository, 'docs', 'keyboard.md'), 'utf8');
  const lines = [...text.matchAll(/^\| ([^|]+) \| `([^`|]+)` \|/gm)].map(
    ([, where, keys]) => `${where}: ${keys}`,
  );
  expect(lines).toEqual(cases.map(([where, keys]) => `${where}: ${keys}`));
});

test.each(cases)('%s, then %s', async (where, keys, leads, and) => {
  await places[where]?.();
  if (where === 'in the search box' && keys === 'Enter Enter') {
    await press('Enter');
    await expectStanding({ cursor: names.b, focus: 'list' });
    await press('Enter');
  } else await press(keys);
  await expectStanding(leads());
  await and?.();
});

test('a search says aloud how many tickets it has found', async () => {
  await places['in the search box']?.();
  const said = page.getByRole('status', { name: 'Search result' });
  await expect.poll(() => said.textContent()).toBe('1 ticket found');
  await page.getByLabel('Search tickets').fill('no such thing');
  await expect.poll(() => said.textContent()).toBe('No ticket found');
});

test('three identical refusals are one message, with their number', async () => {
  await press('e e e');
  await expectStanding({ says: /The cursor is on no ticket\..* \(3 times\)/ });
  expect(await page.locator('.toast').count()).toBe(1);
});

test('how many are chosen is said aloud, and who leaves the view is not chosen any more', async () => {
  await places['tickets are chosen']?.();
  const said = page.getByRole('status', { name: 'Chosen', exact: true });
  await expect.poll(() => said.textContent()).toBe('2 tickets chosen');
  await elsewhere({ id: ids.c, status: 'Completed' });
  await expect.poll(() => said.textContent()).toBe('1 ticket chosen');
  await expectStanding({ chosen: [names.b] });
});

test("Undo does not write over somebody else's change", async () => {
  await places['the status was set']?.();
  await elsewhere({ id: ids.c, status: 'On Hold' });
  await press('Control+z');
  await expectStanding({ says: /Not undone: .* changed "Status" since/ });
  expect(await stored('c')).toMatchObject({ status: 'On Hold' });
});

test('a ticket that left the view by its status is brought back by Undo', async () => {
  await places['statuses to choose from']?.();
  await press('End Enter');
  await expectStanding({ says: /no longer in Open/ });
  await press('Control+z');
  await expect.poll(() => stored('c')).toMatchObject({ status: 'New' });
  await expectStanding({ cursor: names.c, open: number('c'), focus: 'list' });
});
