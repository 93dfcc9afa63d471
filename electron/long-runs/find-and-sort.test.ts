/** A list of 100,000 tickets by keyboard: searched as it is typed, sorted by each head, and gone through from end to end. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { queryDatabase } from '../../backend/testing/desk-process.ts';
import { sortNames, ticketFields } from '../../proto/ticket-fields.ts';
import { launchConnectedDesk, type RunningDesk, restPointer } from '../e2e/harness.ts';
import { lookAt } from '../e2e/looks.ts';
import { countText, expectFocus, expectRows, patience, press } from './hands.ts';
import { seededFolder } from './seeded-desk.ts';
import { type Steps, stepsOf } from './steps.ts';

const seeded = 100_000;

/** What the head of each column sorts by, in SQL; the number decides between those that are the same. */
const heads: Record<string, string | { ASC: string; DESC: string }> = {
  '#': 'id',
  Requester: 'left(fold(left(name, 50)), 50) collate "C"',
  Status: placeAmong('status'),
  Priority: placeAmong('priority'),
  // By their names, with those whom nobody has at the end both ways.
  Assignee: { ASC: assigneeName('1'), DESC: assigneeName('') },
  'Due time': { ASC: `coalesce(due_at, 'infinity')`, DESC: `coalesce(due_at, '-infinity')` },
  Changed: 'updated_at',
};

function assigneeName(ofNobody: '1' | ''): string {
  const named = `select '0' || left(fold(left(a.name, 50)), 50) || chr(10) || a.id from agents a where a.id = assignee_id`;
  return `coalesce((${named}), '${ofNobody}') collate "C"`;
}

function placeAmong(field: 'status' | 'priority'): string {
  const choices = ticketFields[field].choices.map((choice) => `'${choice}'`);
  return `array_position(array[${choices.join(', ')}], ${field})`;
}

const list = ({ page }: RunningDesk) => page.locator('[data-ticket-list]');
const box = ({ page }: RunningDesk) => page.getByRole('combobox', { name: 'Search tickets' });

/** The number in the row of the cursor, or null where it is on none or out of sight. */
const cursorNumber = (desk: RunningDesk) =>
  list(desk).evaluate((grid) => {
    const row = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    if (!row) return null;
    const [own, place] = [row.getBoundingClientRect(), grid.getBoundingClientRect()];
    const isInView = own.top >= place.top && own.bottom <= place.bottom + 1;
    return isInView ? Number(row.querySelector('.cell-id')?.textContent) : null;
  });

async function searchAsTyped(desk: RunningDesk, { step, note }: Steps): Promise<void> {
  const { page } = desk;
  const said = page.getByRole('status', { name: 'Search result' });
  await press(page, '/');
  for (const [typed, all] of [
    ['dru', 'dru'],
    ['cker', 'drucker'],
    [' köl', 'drucker köl'],
    [' -tag:hardware', 'drucker köl -tag:hardware'],
  ] as const) {
    await step(`typed "${all}"`, async () => {
      const before = await said.textContent();
      await page.keyboard.type(typed);
      await expect.poll(() => said.textContent(), patience).not.toBe(before);
      await expect.poll(() => said.textContent(), patience).toMatch(/found$/);
    });
    note(`"${all}": ${await said.textContent()}`);
    const marks = await page.locator('.ticket-rows .cell-title mark').allTextContents();
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.filter((mark) => !/^(dru|k[öo]l)/i.test(mark))).toEqual([]);
  }
  await lookAt(desk, 'long-search');
  await press(page, 'Escape', 'Escape');
  await expect.poll(() => box(desk).inputValue()).toBe('');
}

async function completeTerms(desk: RunningDesk): Promise<void> {
  const { page } = desk;
  const proposals = page.getByRole('listbox', { name: 'Ways to go on' }).getByRole('option');
  await press(page, '/');
  for (const [typed, completed] of [
    ['prio', 'priority:'],
    ['ur', 'priority:urgent '],
    ['ta', 'priority:urgent tag:'],
  ] as const) {
    await page.keyboard.type(typed);
    await proposals.first().waitFor(patience);
    await press(page, 'Tab');
    await expect.poll(() => box(desk).inputValue()).toBe(completed);
  }
  await page.keyboard.type('vp');
  await lookAt(desk, 'long-completion');
  await page.keyboard.type('n');
  await expect
    .poll(() => page.locator('.ticket-rows [title="Urgent"], .ticket-rows .cell-title').count(), patience)
    .toBeGreaterThan(0);
  await press(page, 'Escape', 'Escape', 'Escape');
}

/** Both ways by one head, by its button, and from the first row to the last and back. */
async function sortBy(desk: RunningDesk, head: string, { step }: Steps): Promise<void> {
  const { page } = desk;
  const button = page.locator('.ticket-heading .column-head', { hasText: head });
  for (const _way of ['once', 'again']) {
    await list(desk).focus();
    await press(page, 'Tab');
    await expectFocus(page.locator('.ticket-heading .column-head:focus'));
    await press(page, ...Array(10).fill('ArrowLeft'));
    for (
      let moves = 0;
      moves < 12 && !(await button.evaluate((one) => one === document.activeElement));
      moves += 1
    )
      await press(page, 'ArrowRight');
    await expectFocus(button);
    await press(page, 'Enter');
    const heading = page.getByRole('columnheader', { name: head, exact: true });
    await expect.poll(() => heading.getAttribute('aria-sort'), patience).toMatch(/ascending|descending/);
    const direction = (await heading.getAttribute('aria-sort')) === 'ascending' ? 'ASC' : 'DESC';
    const [first, last] = await endsInSql(desk, head, direction);
    await press(page, 'ArrowDown');
    await expectFocus(list(desk));
    await step(`${head} ${direction}: first row`, async () => {
      await press(page, 'Home');
      await expect.poll(() => cursorNumber(desk), patience).toBe(first);
    });
    await step(`${head} ${direction}: End`, async () => {
      await press(page, 'End');
      await expect.poll(() => cursorNumber(desk), patience).toBe(last);
    });
    if (head === 'Due time') await lookAt(desk, `long-end-${direction}`);
    await step(`${head} ${direction}: Home`, async () => {
      await press(page, 'Home');
      await expect.poll(() => cursorNumber(desk), patience).toBe(first);
    });
  }
}

async function endsInSql(desk: RunningDesk, head: string, direction: 'ASC' | 'DESC'): Promise<number[]> {
  const by = heads[head] ?? 'id';
  const key = typeof by === 'string' ? by : by[direction];
  const other = direction === 'ASC' ? 'DESC' : 'ASC';
  const end = (way: string) => `(select id from tickets order by ${key} ${way}, id ${way} limit 1)`;
  const [row] = await queryDatabase<{ first: number; last: number }>(
    desk.dataDir,
    `select ${end(direction)} as first, ${end(other)} as last`,
  );
  return [row?.first ?? 0, row?.last ?? 0];
}

/** Written by another program on the same database: past this desk altogether. */
async function fileElsewhere(desk: RunningDesk, title: string): Promise<void> {
  await queryDatabase(
    desk.dataDir,
    `insert into tickets (title, description, name, status, request_id)
     values ('${title}', 'From another desk', 'Di', 'New', gen_random_uuid())`,
  );
}

test('100,000 tickets are searched as typed, sorted by each head, and gone through to the end and back', async () => {
  const steps = stepsOf('find-and-sort');
  const { step } = steps;
  const userData = await step(`seeded ${countText(seeded)} tickets`, () => seededFolder(seeded));
  const desk = await step('started', () => launchConnectedDesk({ userData }));
  const { page, graphql } = desk;
  await graphql('mutation ($input: SaveView!) { saveView(input: $input) { success } }', {
    input: {
      ...{ id: randomUUID(), name: 'Everything', shared: true, query: '', key: 'b' },
      columns: ['status', 'priority', 'assigneeId', 'dueAt', 'updated'],
    },
  });
  await page.reload();
  await restPointer(page);
  await page.locator('.saved-view .nav-link', { hasText: 'Everything' }).waitFor(patience);
  await step('went to the view of everything', async () => {
    await press(page, 'g', 'b');
    await expectRows(page);
  });
  await lookAt(desk, 'long-everything');
  await searchAsTyped(desk, steps);
  await completeTerms(desk);
  await press(page, 'g', 'b');
  await expectRows(page);
  expect(Object.keys(heads)).toHaveLength(
    sortNames.filter((by) => by !== 'CREATED' && by !== 'RELEVANCE').length,
  );
  for (const head of Object.keys(heads)) await sortBy(desk, head, steps);

  await press(page, 'g', 'n', '/');
  await page.keyboard.type('unheardof');
  await page.getByRole('status', { name: 'Search result' }).getByText('No ticket found').waitFor(patience);
  await fileElsewhere(desk, 'An Unheardof thing');
  await step('a ticket filed elsewhere came into the open search', () =>
    page.locator('.ticket-rows .cell-title', { hasText: 'An Unheardof thing' }).waitFor({ timeout: 1_000 }),
  );
  await lookAt(desk, 'long-filed-elsewhere');
  expect(desk.pageErrors).toEqual([]);
});
