/**
 * A helpdesk of several years as rows of its tables, made of a seed: the same seed and number of tickets are the same
 * rows on every day and machine. A block is made of its number alone, in the order in which the tickets were filed.
 */
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { type Random, seededRandom } from '../random.ts';
import type { SeedPlan } from './plan.ts';
import { searchVector } from './search-vector.ts';
import { answerIn, type Language, languageAt, personName, skewedBelow, textIn, titleIn } from './texts.ts';
import { filedAt } from './times.ts';

/** What COPY writes under the name of a column. */
export type Cell = string | number | Date | readonly string[] | null;
export type Row = Record<string, Cell>;

/** What a block adds to each table. */
export interface Block {
  tickets: Row[];
  comments: Row[];
  ticket_history: Row[];
}

const ticketsPerBlock = 2_000;
const agentCount = 40;
const tags = [
  ...[
    'hardware',
    'network',
    'printer',
    'account',
    'billing',
    'vpn',
    'email',
    'onboarding',
    'licence',
    'phone',
  ],
  ...[
    'urgent-customer',
    'waiting',
    'warranty',
    'security',
    'mobile',
    'warehouse',
    'finance',
    'remote',
    'training',
  ],
  ...[
    'störung',
    'bestellung',
    'rückfrage',
    'außendienst',
    'projekt-nord',
    'vip',
    'legacy',
    'outage',
    'refund',
  ],
];
const minuteMs = 60_000;
const dayMs = 86_400_000;

export function blockCount({ tickets }: SeedPlan): number {
  return Math.ceil(tickets / ticketsPerBlock);
}

/** A stream of numbers of its own for everything that has a number. */
function randomOf(seed: number, kind: number, number: number): Random {
  return seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(kind * 0x1000193 + number, 0x85ebca6b));
}

function agentId(number: number): string {
  return `agent-${String(number + 1).padStart(2, '0')}`;
}

/** Forty people, in the languages that are most common. */
export function seededAgents({ seed, until }: SeedPlan): Row[] {
  return Array.from({ length: agentCount }, (_, number) => {
    const random = randomOf(seed, 1, number);
    const name = personName(languageAt(random.next() * 0.9), random);
    return { id: agentId(number), name: `${name} (${number + 1})`, last_seen_at: until };
  });
}

/** Who asks is one of these, some of them very often, each always in their own language. */
function requester(plan: SeedPlan, random: Random): { name: string; language: Language } {
  const people = Math.max(10, Math.ceil(plan.tickets / 40));
  const person = randomOf(plan.seed, 2, skewedBelow(people, random));
  const language = languageAt(person.next());
  return { language, name: personName(language, person) };
}

/** @param lastCommentId of the block before it */
export function makeBlock(plan: SeedPlan, number: number, lastCommentId: number): Block {
  const block: Block = { tickets: [], comments: [], ticket_history: [] };
  const random = randomOf(plan.seed, 3, number);
  const first = number * ticketsPerBlock;
  const end = Math.min(first + ticketsPerBlock, plan.tickets);
  // Now and then much comes at once, and says the same.
  const burst = {
    from: first + random.below(ticketsPerBlock),
    length: random.below(3) === 0 ? 40 + random.below(160) : 0,
  };
  const outage = titleIn(languageAt(random.next()), random);
  for (let index = first; index < end; index += 1) {
    const inBurst = index >= burst.from && index < burst.from + burst.length;
    const at = filedAt(plan, { index, random, burst: inBurst ? burst.from : undefined });
    addTicket(block, { plan, index, at, random, outage: inBurst ? outage : undefined, lastCommentId });
  }
  return block;
}

interface TicketToMake {
  plan: SeedPlan;
  index: number;
  at: Date;
  random: Random;
  /** What many say at once. */
  outage: string | undefined;
  lastCommentId: number;
}

/** Of an older ticket nearly all are completed, of the last tenth less than half; together nine of ten. */
function statusOf({ plan, index, random }: TicketToMake): string {
  const isOpen = random.next() < (index < plan.tickets * 0.9 ? 0.045 : 0.595);
  if (!isOpen) return 'Completed';
  return random.pick([
    'New',
    'New',
    'New',
    'In Progress',
    'In Progress',
    'In Progress',
    'In Progress',
    'On Hold',
    'On Hold',
  ]);
}

function priorityOf(random: Random): string {
  const share = random.next();
  const [low, normal, high, urgent] = ticketFields.priority.choices;
  if (share < 0.6) return normal;
  if (share < 0.8) return low;
  return share < 0.95 ? high : urgent;
}

function tagsOf(random: Random): string[] {
  const wanted = Math.max(0, random.below(5) - 1);
  return [
    ...new Set(Array.from({ length: wanted }, () => tags[skewedBelow(tags.length, random)] as string)),
  ].sort();
}

function addTicket(block: Block, ticket: TicketToMake): void {
  const { plan, index, at, random, outage } = ticket;
  const id = index + 1;
  const { name, language } = requester(plan, random);
  const status = statusOf(ticket);
  const assigneeId =
    status === 'New' && random.below(2) === 0 ? null : agentId(skewedBelow(agentCount, random));
  const dueAt = random.below(3) === 0 ? new Date(at.getTime() + (1 + random.below(14)) * dayMs) : null;
  const story = new Story(block, { id, at, until: plan.until, random });
  story.write('CREATED', null, null);
  if (assigneeId) story.change(assigneeId, { assigneeId: [null, assigneeId] });
  if (assigneeId && status !== 'New') story.change(assigneeId, { status: ['New', 'In Progress'] });
  const commentCount = random.below(4) === 0 ? 1 + random.below(3) : 0;
  const said: string[] = [];
  for (let count = 0; count < commentCount; count += 1) {
    const author = assigneeId ?? agentId(skewedBelow(agentCount, random));
    const kind = random.below(3) === 0 ? 'NOTE' : 'ANSWER';
    const body = answerIn(language, random);
    story.comment(author, { id: ticket.lastCommentId + block.comments.length + 1, kind, body });
    said.push(body);
  }
  if (assigneeId && status !== 'New' && status !== 'In Progress')
    story.change(assigneeId, { status: ['In Progress', status] });
  const title = outage ?? titleIn(language, random);
  const description = textIn(language, random);
  const priority = priorityOf(random);
  const ticketTags = tagsOf(random);
  block.tickets.push({
    id,
    title,
    description,
    name,
    status,
    priority,
    tags: ticketTags,
    due_at: dueAt,
    assignee_id: assigneeId,
    request_id: uuidAt(at, random),
    version: story.version,
    created_at: at,
    updated_at: story.at,
    changed_by: story.agent,
    search: searchVector({ id, title, tags: ticketTags, name, description, status, said }),
  });
}

/** What became of a ticket, a version for each write. */
class Story {
  version = 1;
  agent: string | null = null;
  at: Date;
  readonly #block: Block;
  readonly #id: number;
  readonly #until: Date;
  readonly #random: Random;

  constructor(block: Block, ticket: { id: number; at: Date; until: Date; random: Random }) {
    this.#block = block;
    this.#id = ticket.id;
    this.#until = ticket.until;
    this.#random = ticket.random;
    this.at = ticket.at;
  }

  change(agent: string, fields: Record<string, [from: string | null, to: string | null]>): void {
    this.#next(agent);
    for (const [field, [from, to]] of Object.entries(fields)) this.write(field, from, to);
  }

  comment(author: string, comment: { id: number; kind: string; body: string }): void {
    this.#next(author);
    const { id, kind, body } = comment;
    this.#block.comments.push({
      id,
      ticket_id: this.#id,
      ticket_version: this.version,
      request_id: uuidAt(this.at, this.#random),
      kind,
      body,
      author,
      created_at: this.at,
    });
    this.write('COMMENTED', null, String(id));
  }

  write(field: string, from: string | null, to: string | null): void {
    const { version, at, agent } = this;
    this.#block.ticket_history.push({ ticket_id: this.#id, version, at, agent, field, from, to });
  }

  #next(agent: string): void {
    this.version += 1;
    this.agent = agent;
    const later = this.at.getTime() + minuteMs * (1 + skewedBelow(2 * 24 * 60, this.#random));
    this.at = new Date(Math.min(later, this.#until.getTime()));
  }
}

/** A UUID of version 7, as the desk makes them. */
function uuidAt(at: Date, random: Random): string {
  const hex = (digits: number) =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const ms = at.getTime().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${hex(3)}-${(8 + random.below(4)).toString(16)}${hex(3)}-${hex(6)}${hex(6)}`;
}
