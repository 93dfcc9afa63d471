/** What lies where at 1280x800, measured: nothing covers what is worked on, and each mark tells one thing. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { boxesOf, boxOf, overlap, wordsOf } from './boxes.ts';
import { deskForSuite, holdByPointer, openSettings, type RunningDesk, restPointer } from './harness.ts';
import { lookAt, resize, takePicture, zoomTo } from './looks.ts';
import { goOffline } from './offline.ts';
import { seed } from './seed.ts';

let desk: RunningDesk;
let page: Page;

deskForSuite(async (started) => {
  desk = started;
  page = desk.page;
  await page.emulateMedia({ colorScheme: 'light' });
  await resize(desk, { width: 1280, height: 800 });
  await seed(desk, [
    {
      title: 'Scanner on the second floor scans to nobody',
      name: 'Chidi Anagonye',
      description: 'It scans, and nothing comes.\n\n'.repeat(20),
    },
    { title: 'Shared calendar shows meetings of last year', name: 'Eleanor Shellstrop', status: 'On Hold' },
    { title: 'VPN drops every day at noon, for a minute', name: 'Bo Lindqvist', status: 'In Progress' },
  ]);
  await row('VPN drops').click();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
});

const row = (name: string) => page.getByRole('row', { name });
const grid = () => page.getByRole('grid');

/** Relative luminance (WCAG 2.2) of a colour as getComputedStyle writes it, laid over white. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const linear = [r, g, b]
    .map((part) => (part * a + 255 * (1 - a)) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

test('beside an open ticket titles, requesters and times have the room, and what is stored has no mark', async () => {
  const cut = await page
    .locator('.ticket-rows:not(.ticket-heading) :is(.cell-title, .cell-name, .cell-updated)')
    .evaluateAll((cells) =>
      cells
        .filter((cell) => cell.scrollWidth > cell.clientWidth)
        .map((cell) => `${cell.textContent}: ${cell.scrollWidth} in ${cell.clientWidth}`),
    );
  expect(cut).toEqual([]);
  expect(await grid().getByRole('img').count()).toBe(0);
  // The shape alone for the eye, the word for a screen reader and the pointer.
  expect(await row('Shared calendar').locator('[data-column="status"]').getAttribute('title')).toBe(
    'On Hold',
  );
});

test("a ticket's heading and actions stay in the first line, level with the search, however many facts it has", async () => {
  const head = page.locator('.panel-frame > header');
  const actions = ['Edit', 'More', 'Close this panel'].map((name) => head.getByRole('button', { name }));
  await row('Scanner').click();
  await head.getByRole('button', { name: 'No tags', disabled: false }).waitFor();
  const before = await Promise.all(actions.map(boxOf));
  const { data } = await desk.graphql<{ me: { id: string } }>('{ me { id } }');
  const tags = ['printer', 'floor 3', 'x'.repeat(40)];
  const dueAt = new Date(Date.now() + 6e7).toISOString();
  const input = { id: 1, tags, dueAt, assigneeId: data?.me.id };
  await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input,
  });
  await head.getByRole('button', { name: /^Tags: floor 3/ }).waitFor();
  expect(await Promise.all(actions.map(boxOf))).toEqual(before);
  const firstLine = [
    page.getByRole('combobox', { name: 'Search tickets' }),
    head.getByRole('heading'),
    ...actions,
  ];
  const middles = (await Promise.all(firstLine.map(boxOf))).map(({ y, height }) => y + height / 2);
  expect(Math.max(...middles) - Math.min(...middles)).toBeLessThanOrEqual(1);
  const heights = (await boxesOf(head.locator('.fact'))).map(({ height }) => height);
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
  await lookAt(desk, 'ticket-head');
});

test('what arrives is told in the free end of a head, on none of their words', async () => {
  await holdByPointer(page);
  await seed(desk, [{ title: 'Came meanwhile' }]);
  const pill = page.getByRole('button', { name: '1 new' });
  await pill.waitFor();
  const pillBox = await boxOf(pill);
  for (const words of await wordsOf(page.getByRole('columnheader'))) {
    expect(overlap(pillBox, words)).toBe(false);
  }
  expect(overlap(pillBox, await boxOf(row('VPN drops')))).toBe(false);
  await lookAt(desk, 'arrivals');
  await pill.click();
  await restPointer(page);
});

/** What stands out of its pane, and so can't be read or reached. */
const cutOff = () =>
  page.locator(':is(.list-toolbar, .panel-frame > header) *').evaluateAll((elements) =>
    elements
      .filter((element) => {
        const pane = element.closest('.pane')?.getBoundingClientRect();
        const { width, right } = element.getBoundingClientRect();
        return width > 0 && right > (pane?.right ?? 0) + 1;
      })
      .map((element) => element.outerHTML),
  );

test("an agent's name and tags of any length leave all else in sight, in the smallest window too", async () => {
  const name = 'Bartholomew '.repeat(8);
  await queryDatabase(desk.dataDir, `insert into agents values ('long', '${name}', now())`);
  const tags = Array.from({ length: 20 }, (_, at) => `${at}-${'x'.repeat(36)}`);
  const input = { id: 2, assigneeId: 'long', tags };
  await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input,
  });
  await row('Shared calendar').click();
  await page.getByRole('combobox', { name: 'Filter by assignee' }).focus();
  await page.getByRole('option', { name }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: `Assignee: ${name}` }).waitFor();
  expect(await cutOff()).toEqual([]);
  await lookAt(desk, 'long-names');

  await resize(desk, { width: 400, height: 400 });
  expect(await cutOff()).toEqual([]);
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tags: ' });
  const remove = dialog.getByRole('button', { name: /^Remove 0-/ });
  for (const end of [remove, dialog.getByRole('button', { name: 'Set the tags' })]) {
    const { y, height } = await boxOf(end);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(400);
  }
  await remove.click();
  await dialog.getByRole('button', { name: /^Remove 1-/ }).waitFor();
  await remove.waitFor({ state: 'detached' });
  await takePicture(page, 'tags-smallest');
  await page.keyboard.press('Escape');
  await resize(desk, { width: 1280, height: 800 });
  await row('VPN drops').click();
  await restPointer(page);
});

test('messages lie neither on rows nor on what is open, nor on an entry of the sidebar', async () => {
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Control+z');
  const toast = page.locator('.toast');
  await toast.first().waitFor();
  const panes = page.locator('.sidebar-pane, .list-pane, .detail-pane');
  // One more may come between two measurements, and all of them move.
  const covered = async () => {
    const [messages, under] = await Promise.all([toast, panes].map(boxesOf));
    return messages?.filter((message) => under?.some((pane) => overlap(message, pane)));
  };
  await expect.poll(covered).toEqual([]);
});

test('one entry of the sidebar looks chosen, also with the outbox open', async () => {
  await page.getByRole('button', { name: /^Outbox/ }).click();
  await page.getByRole('heading', { name: 'Outbox' }).waitFor();
  await restPointer(page);
  const filled = () =>
    page
      .locator('.sidebar .nav-link')
      .evaluateAll((links) =>
        links
          .filter((link) => getComputedStyle(link).backgroundColor !== 'rgba(0, 0, 0, 0)')
          .map((link) => link.textContent?.replace(/\d+$/, '')),
      );
  // The pointer has left it; its colour fades.
  await expect.poll(filled).toEqual(['Open']);
  await page.keyboard.press('Escape');
});

test('blue marks the cursor and nothing else in the list', async () => {
  await row('Shared calendar').click();
  await page.keyboard.press('ArrowDown');
  const coloured = await page.locator('.ticket-rows:not(.ticket-heading) > .ticket-row').evaluateAll((rows) =>
    rows.flatMap((each) => {
      const { backgroundColor, outlineColor, outlineStyle, boxShadow } = getComputedStyle(each);
      const colours = [backgroundColor, outlineStyle === 'none' ? '' : outlineColor, boxShadow];
      const isBlue = colours.some((colour) => {
        const [r = 0, , b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
        return b - r > 40;
      });
      return isBlue ? [each.textContent] : [];
    }),
  );
  expect(coloured).toHaveLength(1);
});

test('in a low window the facts of a ticket stand whole above what is read', async () => {
  await row('Scanner').click();
  await page.getByText('It scans').waitFor();
  await resize(desk, { width: 900, height: 480 });
  const panel = page.locator('.detail-pane');
  const fact = await boxOf(panel.getByRole('button', { name: /^Status/ }));
  const body = await boxOf(panel.locator('.panel-body'));
  expect(fact.y + fact.height).toBeLessThanOrEqual(body.y);
  await lookAt(desk, 'ticket-low');
  await resize(desk, { width: 1280, height: 800 });
  await row('VPN drops').click();
});

test('Delete is not beside Edit but in the menu of what is rare', async () => {
  const panel = page.locator('.detail-pane');
  await panel.getByRole('button', { name: 'Edit' }).waitFor();
  expect(await panel.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await panel.getByRole('button', { name: 'More' }).click();
  await panel.getByRole('button', { name: 'Delete' }).waitFor();
  await lookAt(desk, 'ticket-more');
  await page.keyboard.press('Escape');
});

test('the panel stays where it is while its facts are set, at whichever edge their menus open', async () => {
  const pane = page.locator('.detail-pane');
  for (const key of ['a', 'd', 't']) {
    await page.keyboard.press(key);
    const control = pane.getByRole('dialog').locator('[data-field]');
    await expect.poll(() => control.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await pane.evaluate(({ scrollLeft }) => scrollLeft), key).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => pane.getByRole('dialog').count()).toBe(0);
  }
});

test('each cell of a row has a heading of its own for a screen reader, also where there is no room for its words', async () => {
  const cells = await row('VPN drops').getByRole('gridcell').count();
  // A heading without a name is not found by the dot.
  await expect.poll(() => grid().getByRole('columnheader', { name: /./ }).count()).toBe(cells);
});

test('settings and outbox take the focus, and give it back', async () => {
  const isIn = (place: string) => page.evaluate((name) => document.activeElement?.matches(name), place);
  await grid().focus();
  for (const keys of [['Control+,'], ['g', 'x']]) {
    for (const key of keys) await page.keyboard.press(key);
    await expect.poll(() => isIn('.panel-frame')).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => isIn('[role=grid]')).toBe(true);
  }
});

test('with letters twice as large the buttons above the views are all there', async () => {
  const setLetters = (size: string) =>
    page.evaluate((wanted) => {
      document.documentElement.style.fontSize = wanted;
    }, size);
  await setLetters('175%');
  const pane = await boxOf(page.locator('.sidebar-pane'));
  for (const name of ['New', 'Keyboard shortcuts', 'Settings']) {
    const button = await boxOf(page.getByRole('button', { name, exact: true }));
    expect(button.x + button.width, name).toBeLessThanOrEqual(pane.x + pane.width);
  }
  await setLetters('');
});

test('where a choice can be made there is a border to see, of 3 to 1 at least', async () => {
  await openSettings({ page });
  const borders = await page
    .locator('.detail-pane .form-check-input:not(:checked)')
    .evaluateAll((inputs) => inputs.map((input) => getComputedStyle(input).borderTopColor));
  expect(borders.length).toBeGreaterThan(2);
  for (const colour of borders) expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(3);
  await lookAt(desk, 'settings-connection');
  await page.keyboard.press('Escape');
});

test('a button within a notice has a border to see as well', async () => {
  await row('VPN drops').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Title' }).pressSequentially(' again');
  const input = { id: 3, description: 'Solved itself.' };
  await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input,
  });
  const compare = page.getByRole('button', { name: 'Compare' });
  await compare.waitFor();
  const [border, ground] = await compare.evaluate((button) => [
    getComputedStyle(button).borderTopColor,
    getComputedStyle(button.closest('.alert') as Element).backgroundColor,
  ]);
  const contrast = (luminance(ground ?? '') + 0.05) / (luminance(border ?? '') + 0.05);
  expect(contrast).toBeGreaterThanOrEqual(3);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.keyboard.press('Escape');
});

test('with all columns the title keeps its room and a tag its first letters, in a narrow window too', async () => {
  // Beside an open ticket the list is a narrow one.
  const close = page.getByRole('button', { name: 'Close this panel' });
  if (await close.isVisible()) await close.click();
  const input = { id: 2, tags: ['a-long-tag-of-the-printers', 'بطاقة-طويلة', 'floor 3'] };
  await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
    input,
  });
  const toggle = async () => {
    await page.getByRole('button', { name: 'Columns of the list' }).click();
    for (const name of ['Tags', 'Due time']) await page.getByRole('menuitemcheckbox', { name }).click();
    await page.keyboard.press('Escape');
  };
  await toggle();
  await grid().getByText('a-long-tag-of-the-printers', { exact: true }).waitFor();
  for (const width of [1280, 1080, 960]) {
    await resize(desk, { width, height: 800 });
    const widths = await page
      .locator('.ticket-rows:not(.ticket-heading) .cell-title')
      .evaluateAll((cells) => cells.map((cell) => cell.clientWidth));
    expect(Math.min(...widths), `${width}`).toBeGreaterThanOrEqual(130);
    const ends = await page
      .locator('.ticket-rows .ticket-row')
      .evaluateAll((rows) => rows.map((each) => each.scrollWidth - each.clientWidth));
    expect(Math.max(...ends), `${width}`).toBe(0);
    const more = await grid()
      .locator('.tag-list > .text-body-secondary')
      .evaluateAll((counts) => counts.map((count) => count.scrollWidth - count.clientWidth));
    expect(Math.max(...more), `${width}`).toBe(0);
    const progress = grid().locator('[data-column="status"] span span', { hasText: 'In Progress' });
    if (width === 1280)
      expect(await progress.evaluate((words) => words.scrollWidth - words.clientWidth)).toBe(0);
    await takePicture(page, `all-columns-${width}`);
  }
  await resize(desk, { width: 1280, height: 800 });
  const shown = await grid()
    .locator('.tag')
    .evaluateAll((tags) => tags.map((tag) => tag.clientWidth));
  expect(Math.min(...shown)).toBeGreaterThanOrEqual(40);
  await toggle();
});

test('in a page that is made small the sidebar keeps its buttons in one line', async () => {
  for (const factor of [0.67, 0.75, 0.8, 1]) {
    await zoomTo(desk, factor);
    await page.waitForFunction((width) => Math.abs(innerWidth - width) < 4, 1280 / factor);
    const buttons = ['New', 'Keyboard shortcuts', 'Settings'].map((name) =>
      boxOf(page.getByRole('button', { name, exact: true })),
    );
    const [first, ...others] = await Promise.all(buttons);
    for (const { y } of others) expect(y, `${factor}`).toBeLessThan((first?.y ?? 0) + (first?.height ?? 0));
  }
});

test('a number of seven digits stays clear of its box and its title, beside an open ticket too', async () => {
  await queryDatabase(desk.dataDir, 'alter table tickets alter column id restart with 2345678');
  await holdByPointer(page);
  await seed(desk, [{ title: 'After millions' }]);
  await page.getByRole('button', { name: '1 new' }).click();
  for (const isOpen of [false, true]) {
    if (isOpen) await row('After millions').click();
    await expect.poll(() => page.getByRole('button', { name: 'Edit' }).count()).toBe(isOpen ? 1 : 0);
    await row('After millions').hover();
    const box = await boxOf(row('After millions').getByRole('checkbox'));
    const [number, title] = await Promise.all(
      ['.cell-id', '.cell-title'].map(
        async (cell) => (await wordsOf(row('After millions').locator(cell)))[0],
      ),
    );
    if (!number || !title) throw new Error('the row has no cells');
    expect(number.x, `${isOpen}`).toBeGreaterThan(box.x + box.width);
    expect(title.x, `${isOpen}`).toBeGreaterThan(number.x + number.width);
  }
  await page.getByRole('button', { name: 'Close this panel' }).click();
  await restPointer(page);
});

test('an agent sees no version and no name of a server, online and off; who asks finds them in the settings', async () => {
  const operators = /\bv\d|\b0\.1\.0\b|nsqd?\b|TLS|gRPC|Postgres|127\.0\.0\.1|localhost|unix:/i;
  const seen = () => page.locator('main').textContent();
  await row('VPN drops').click();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
  expect(await seen()).not.toMatch(operators);
  const comeBack = await goOffline(desk);
  await page.getByText(/^offline since/).hover();
  await page.getByRole('tooltip').waitFor();
  expect(await page.getByRole('tooltip').textContent()).not.toMatch(operators);
  expect(await seen()).not.toMatch(operators);
  await page.getByRole('button', { name: /^offline since/ }).click();
  await page.getByRole('heading', { name: 'Connection' }).waitFor();
  expect(await page.locator('.detail-pane').textContent()).toContain('0.1.0');
  comeBack();
});
