/**
 * An agent's shift by keyboard alone: finds, takes, answers and sets, is cut off twice and goes on, and meets one clash
 * with a colleague. Another colleague works on the same tickets without a link, until the end. Then nothing waits, and
 * the database, the history and the three windows say the same, line by line.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Agent, agentAt } from './agent.ts';
import { lookAt } from './looks.ts';
import { seed } from './seed.ts';
import { startTeamDesks, type TeamDesks } from './team-desks.ts';

const count = 30;
const title = (id: number) => `Request ${String(id).padStart(2, '0')} of the floor`;

let desks: TeamDesks<'Ada' | 'Bo' | 'Di'>;
let ada: Agent;
let bo: Agent;
let di: Agent;
beforeAll(async () => {
  desks = await startTeamDesks('Ada', 'Bo', 'Di');
  await seed(
    desks.Bo,
    Array.from({ length: count }, (_, at) => ({ title: title(at + 1), name: 'Cy' })),
  );
  ada = await agentAt(desks.Ada.page);
  bo = await agentAt(desks.Bo.page);
  di = await agentAt(desks.Di.page);
});
afterAll(() => desks?.stop());

const waits = () =>
  Promise.all(
    [desks.Ada, desks.Bo, desks.Di].map(
      async (desk) => (await desk.graphql('{ outbox { waiting failed } }')).data,
    ),
  );

const nothing = { outbox: { waiting: 0, failed: 0 } };

/** Of the history. A comment's is its kind and text, a due time is only known to be one. */
interface Line {
  ticket: number;
  agent: string;
  field: string;
  to: string | null;
}

interface HistoryLine extends Line {
  from: string | null;
}

const lineOf = (ticket: number, agent: string, field: string, to: string | null = null): Line => ({
  ticket,
  agent,
  field,
  to,
});

interface Work {
  by(agent: Agent): Promise<void>;
  field: string;
  /** The agent's own name, when left out. */
  to?: string;
}

/** What the agent does to the ticket that is open, and what the history is to say of it. */
const takes: Work = { by: (agent) => agent.take(), field: 'assigneeId' };
const works: readonly Work[] = [
  takes,
  { by: (agent) => agent.choose('s', 1), field: 'status', to: 'In Progress' },
  { by: (agent) => agent.choose('p', 1), field: 'priority', to: 'High' },
  { by: (agent) => agent.tag('floor-3'), field: 'tags', to: 'floor-3' },
  { by: (agent) => agent.write('c', 'Needs a part'), field: 'COMMENTED', to: 'NOTE Needs a part' },
  { by: (agent) => agent.write('r', 'It works again'), field: 'COMMENTED', to: 'ANSWER It works again' },
  { by: (agent) => agent.due('12242026', '0500PM'), field: 'dueAt', to: '2026-12-24T17:00' },
];

const clashing = 9;
/** Another work on each than Ada's, so that the two merge by themselves. */
const alsoDis = [29, 28, 27, 26, 25, 24, 23];
const filedByDi = count + 1;

test('thirty tickets, two cuts, one clash, one without a link: nothing waits, and all agree', async () => {
  const done: Line[] = Array.from({ length: count }, (_, at) => lineOf(at + 1, 'Bo', 'CREATED'));
  const work = async (agent: Agent, id: number, at: number) => {
    const { by, field, to } = works[at % works.length] ?? takes;
    await by(agent);
    const name = agent === ada ? 'Ada' : 'Di';
    done.push(lineOf(id, name, field, to ?? name));
  };
  await di.find(title(count));
  await desks.Di.cut();
  await di.file(title(filedByDi), 'Cy');
  await di.write('c', 'Seen on the way');
  done.push(lineOf(filedByDi, 'Di', 'CREATED'), lineOf(filedByDi, 'Di', 'COMMENTED', 'NOTE Seen on the way'));
  await di.press('j');
  for (const id of alsoDis) {
    await di.press('j');
    await di.expectOpen(`#${id}`);
    await work(di, id, id + 3);
  }
  await di.expectWaiting(alsoDis.length + 2);

  await ada.find(title(count));
  for (let id = count; id > 0; id -= 1) {
    if (id === 24 || id === 10) await desks.Ada.cut();
    if (id === 18 || id === 4) await comeBack(id === 18 ? 'first' : 'second');
    await ada.expectOpen(`#${id}`);
    await work(ada, id, id);
    if (id > 1) await ada.press('j');
  }
  await chooseMine();
  done.push(lineOf(clashing, 'Bo', 'priority', 'Urgent'));
  await lookAt(desks.Di, 'shift-offline');
  await desks.Di.mend();

  await expect.poll(waits).toEqual([nothing, nothing, nothing]);
  const inOrder = (a: Line, b: Line) =>
    a.ticket - b.ticket || a.agent.localeCompare(b.agent) || a.field.localeCompare(b.field);
  const lines = await history();
  expect(lines.map(({ from: _, ...line }) => line).sort(inOrder)).toEqual(done.sort(inOrder));
  await Promise.all([ada, bo, di].map((agent) => expectShown(agent, lines)));
  expect([...ada.lost, ...bo.lost, ...di.lost]).toEqual([]);
});

async function comeBack(time: 'first' | 'second'): Promise<void> {
  await ada.expectWaiting(6);
  if (time === 'first') {
    await ada.press('k k');
    await ada.page.getByRole('article', { name: 'Change that waits' }).waitFor();
    await lookAt(desks.Ada, 'shift-queued');
    await ada.press('j j');
  } else {
    await bo.find(title(clashing));
    await bo.expectOpen(`#${clashing}`);
    await bo.choose('p', 2);
    await bo.page.getByRole('button', { name: 'Priority: Urgent' }).waitFor();
  }
  await desks.Ada.mend();
}

/** Both values stand in the ticket's thread; the choice is made by keyboard. */
async function chooseMine(): Promise<void> {
  await expect.poll(waits).toMatchObject([{ outbox: { waiting: 0, failed: 1 } }, nothing, {}]);
  await ada.find(title(clashing));
  await ada.expectOpen(`#${clashing}`);
  const clash = ada.page.getByRole('form', { name: 'Choose between two versions' });
  const mine = clash.getByRole('radio', { name: 'Mine High' });
  await clash.getByRole('radio', { name: 'Theirs Urgent' }).waitFor();
  await lookAt(desks.Ada, 'shift-clash');
  await ada.tabTo(mine);
  await ada.press('Space Enter');
  await clash.waitFor({ state: 'detached' });
  await ada.press('j k');
}

/** In the order of time: what was said without a link was said before it was stored. */
function history(): Promise<HistoryLine[]> {
  return desks.team.query<HistoryLine>(`
    select history.ticket_id as ticket, agents.name as agent, field, "from",
           case field when 'dueAt' then left("to", 16) else coalesce(comments.kind || ' ' || comments.body, "to") end as to
    from ticket_history history left join agents on agents.id = history.agent
    left join comments on history.field = 'COMMENTED' and comments.id::text = history."to"
    order by coalesce(comments.created_at, history.at), history.id`);
}

/** Goes through all tickets in the window: each row as it is stored, each thread as its history and comments are. */
async function expectShown(agent: Agent, lines: readonly HistoryLine[]): Promise<void> {
  const rows = await desks.team.query<StoredRow>(`
    select tickets.id, title, tickets.name, status, priority, array_to_string(tags, ', ') as tags,
           due_at is not null as "isDue", agents.name as assignee
    from tickets left join agents on agents.id = assignee_id order by tickets.id desc`);
  await agent.find(title(filedByDi));
  for (const stored of rows) {
    await agent.expectOpen(`#${stored.id}`);
    const thread = lines.filter(({ ticket }) => ticket === stored.id).map(threadWords);
    await expect
      .poll(() => agent.page.evaluate(readShown))
      .toEqual({ row: [String(stored.id), stored.title, stored.name], facts: factWords(stored), thread });
    if (stored.id !== 1) await agent.press('j');
  }
}

interface StoredRow {
  id: number;
  title: string;
  name: string;
  status: string;
  priority: string;
  tags: string;
  isDue: boolean;
  assignee: string | null;
}

/** Of the open ticket's facts, as a screen reader hears them. */
function factWords({ status, priority, tags, isDue, assignee }: StoredRow): string[] {
  return [
    `Status: ${status}`,
    `Priority: ${priority}`,
    assignee ? `Assignee: ${assignee}` : 'No assignee',
    isDue ? 'Due time' : 'No due time',
    tags ? `Tags: ${tags}` : 'No tags',
  ];
}

function threadWords({ agent, field, from, to }: HistoryLine): string {
  const words: Record<string, string> = {
    CREATED: 'filed it',
    COMMENTED: to ?? '',
    tags: `tags ${to}`,
    dueAt: 'due',
    assigneeId: `assignee ${to}`,
  };
  return `${agent}: ${words[field] ?? `${from} → ${to}`}`;
}

/** In the page: the chosen row, and what the thread of the open ticket says. */
function readShown() {
  const grid = document.querySelector('[data-ticket-list]');
  const chosen = document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '');
  const text = (of: Element | null | undefined, selector: string) =>
    of?.querySelector(selector)?.textContent?.trim() ?? '';
  const thread = [...document.querySelectorAll('.thread > .changes, .thread > .comment')].flatMap((item) => {
    if (item.matches('.comment'))
      return `${text(item, 'header > span')}: ${text(item, 'header > span + span').toUpperCase()} ${text(item, '.markdown')}`;
    const who = text(item, 'bdi');
    const words = (item.firstElementChild?.textContent ?? '').slice(who.length).trim();
    return words.split(' · ').map((each) => `${who}: ${each.startsWith('due ') ? 'due' : each}`);
  });
  const facts = [...document.querySelectorAll('.panel-frame .fact')].map((fact) => fact.textContent ?? '');
  return {
    row: [
      text(chosen, '.cell-id'),
      chosen?.querySelector('.cell-title')?.getAttribute('title'),
      text(chosen, '.cell-name'),
    ],
    facts: facts.map((words) => (words.startsWith('Due time: ') ? 'Due time' : words)),
    thread,
  };
}
