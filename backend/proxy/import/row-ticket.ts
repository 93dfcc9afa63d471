/** The ticket that a row tells of, or why it tells of none. */
import * as z from 'zod';
import { canonical, type FieldValue } from '../../../proto/field-kinds.ts';
import {
  type FieldName,
  fieldNames,
  fieldOf,
  partLabel,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { utcTime } from '../../../proto/utc-time.ts';
import { type Agent, readAgent } from '../../domain/agent.ts';
import {
  commentProblem,
  fieldProblem,
  idProblem,
  type Problem,
  requestIdProblem,
} from '../../domain/ticket.ts';
import { uuidOfText } from '../../uuid-of-text.ts';
import type { TicketToImport } from '../client/types.ts';
import { readCells } from './csv-cells.ts';
import { type Part, parts, type Source } from './mapping.ts';
import type { Row } from './row-cutter.ts';

export interface RowReader {
  /** Null: JSON Lines. */
  delimiter: string | null;
  columns: readonly string[];
  mapping: readonly Source[];
  /** Of the file, in hex. */
  digest: string;
  agents: KnownAgents;
}

/** Who works here; by name, as plainName() has it, there may be several. */
export interface KnownAgents {
  byId: ReadonlyMap<string, Agent>;
  byName: ReadonlyMap<string, readonly Agent[]>;
}

/** Thrown for a row that is refused. */
class RowProblem extends Error {
  readonly field: string | null;
  constructor({ field, message }: { field: string | null; message: string }) {
    super(message);
    this.field = field;
  }
}

export type ReadRow = { line: number } & (
  | { ticket: TicketToImport }
  | { problem: Problem | { field: null; message: string } }
);

export function readRow(row: Row, reader: RowReader): ReadRow {
  const { line } = row;
  try {
    if (!row.bytes) throw new RowProblem({ field: null, message: row.problem ?? '' });
    const told = toldBy(decoded(row.bytes), reader);
    return {
      line,
      ticket: ticketOf(told, { requestId: requestIdOf(reader.digest, line), agents: reader.agents }),
    };
  } catch (thrown) {
    if (!(thrown instanceof RowProblem)) throw thrown;
    return { line, problem: { field: thrown.field, message: thrown.message } };
  }
}

/** In any case, however its letters were typed and its words are apart. */
const plainName = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

export function knownAgents(agents: readonly Agent[]): KnownAgents {
  const byName = new Map<string, Agent[]>();
  for (const agent of agents) {
    const name = plainName(agent.name);
    byName.set(name, [...(byName.get(name) ?? []), agent]);
  }
  return { byId: new Map(agents.map((agent) => [agent.id, agent])), byName };
}

/** Of several whose names differ in case alone, whose name it is. */
function named(name: string, { byName }: KnownAgents): readonly Agent[] {
  const alike = byName.get(plainName(name)) ?? [];
  const same = alike.filter((agent) => agent.name === name.trim());
  return same.length > 0 ? same : alike;
}

/** What a row says of each part, and what it says otherwise; undefined: nothing. */
type Told = (part: Part) => { value: unknown; otherwise: string | null };

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse(null, 'This row is no text in UTF-8.');
  }
}

function toldBy(text: string, { delimiter, columns, mapping }: RowReader): Told {
  if (delimiter === null) return toldByObject(text);
  const cells = readCells(text, { delimiter, max: columns.length + 1 });
  if (cells.length !== columns.length) {
    const named = columns.length;
    const count =
      cells.length > named ? `more than ${counted(named, 'cell')}` : counted(cells.length, 'cell');
    refuse(null, `This row has ${count}; the first line names ${counted(named, 'column')}.`);
  }
  const sources = new Map(mapping.map((source) => [source.part, source]));
  return (part) => {
    const { column, otherwise } = sources.get(part) ?? { column: null, otherwise: null };
    const value = column === null ? '' : (cells[column] ?? '');
    return { value: value === '' ? otherwise : value, otherwise };
  };
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function toldByObject(text: string): Told {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    // Refused below.
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return refuse(null, 'This line is no JSON object.');
  const values = new Map(Object.entries(object));
  const foreign = [...values.keys()].find((name) => !parts.some((part) => part === name));
  if (foreign !== undefined)
    refuse(foreign.slice(0, 100), 'This line holds something that no export of tickets has.');
  return (part) => ({ value: values.get(part), otherwise: null });
}

/** The same of the same file and line, and of no other: by it what is imported again is known. */
function requestIdOf(digest: string, line: number): string {
  return uuidOfText(`import ${digest} ${line}`);
}

function ticketOf(
  told: Told,
  { requestId, agents }: { requestId: string; agents: RowReader['agents'] },
): TicketToImport {
  const values = Object.fromEntries(fieldNames.map((name) => [name, fieldValue(name, told)]));
  const named = personFieldNames.map((name) => {
    const agent = personOf(name, told, agents);
    return [
      [name, agent?.id ?? null],
      [ticketFields[name].agent, agent],
    ] as const;
  });
  const ticket = {
    ...values,
    ...Object.fromEntries(named.flat()),
    id: numberOf('id', told) ?? 0,
    createdAt: timeOf('createdAt', told),
    updatedAt: timeOf('updatedAt', told),
    version: numberOf('version', told),
    requestId: textOf('requestId', told) || requestId,
  } as TicketToImport['ticket'];
  check(requestIdProblem(ticket.requestId));
  ticket.requestId = ticket.requestId.toLowerCase();
  const comments = listOf('comments', told, commentSchema);
  for (const { body } of comments) check(commentProblem(body), 'comments');
  return { ticket, comments, changes: listOf('history', told, changeSchema) };
}

function fieldValue(name: FieldName, told: Told): FieldValue {
  const field = fieldOf(name);
  if (field.kind === 'person') return null;
  const value = canonical(
    field,
    field.kind === 'choice' ? choiceOf(name, field.choices, told) : plainValue(name, told),
  );
  if (field.kind === 'choice' && value === '') return field.default;
  check(fieldProblem(name, value, partLabel(name)), name);
  return value;
}

function plainValue(name: FieldName, told: Told): FieldValue {
  const { kind } = fieldOf(name);
  if (kind === 'time') return timeOf(name, told);
  if (kind !== 'set') return textOf(name, told);
  const { value } = told(name);
  if (Array.isArray(value))
    return value.map((entry) =>
      typeof entry === 'string' ? entry : refuse(name, `${partLabel(name)} must be a list of texts.`),
    );
  return textOf(name, told)
    .split(',')
    .filter((entry) => entry.trim() !== '');
}

const plain = (word: string) => word.toLowerCase().replace(/[\s_-]+/g, '');

/** Programs write them in any case, and in one word. */
function choiceOf(name: FieldName, choices: readonly string[], told: Told): string {
  const { otherwise } = told(name);
  const word = textOf(name, told);
  const find = (wanted: string) => choices.find((choice) => plain(choice) === plain(wanted));
  return find(word) ?? otherwise ?? word;
}

function personOf(
  name: (typeof personFieldNames)[number],
  told: Told,
  agents: RowReader['agents'],
): Agent | null {
  const part = ticketFields[name].agent;
  const id = textOf(name, told);
  const { value, otherwise } = told(part);
  if (typeof value === 'object' && value !== null) return agentOf(part, value);
  const text = textOf(part, told);
  if (id !== '') return agentOf(part, { id, name: text });
  if (text === '') return null;
  const [known, ...others] = named(text, agents);
  if (known && others.length === 0) return known;
  if (otherwise === '') return null;
  const who = known ? 'More than one who works here' : 'Nobody who works here';
  return chosenAgent(otherwise, agents) ?? refuse(part, `${who} is called "${text.slice(0, 100)}".`);
}

/** By the id, or by a name that nobody else has. */
function chosenAgent(chosen: string | null, agents: KnownAgents): Agent | undefined {
  if (chosen === null) return undefined;
  const [one, ...others] = named(chosen, agents);
  return agents.byId.get(chosen) ?? (others.length === 0 ? one : undefined);
}

function agentOf(part: string, told: unknown): Agent {
  return readAgent(told) ?? refuse(part, `${partLabel(part)} must have an id and a name.`);
}

function textOf(part: Part, told: Told): string {
  const { value } = told(part);
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : refuse(part, `${partLabel(part)} must be a text.`);
}

function numberOf(part: 'id' | 'version', told: Told): number | null {
  const { value } = told(part);
  if (value === null || value === undefined || value === '') return null;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  const problem = idProblem(partLabel(part), number as number);
  return problem ? refuse(part, problem.message) : (number as number);
}

/** A time without a zone, as spreadsheets have it, is one of UTC. */
function timeOf(part: Part, told: Told): string | null {
  const text = textOf(part, told).trim();
  if (text === '') return null;
  const [, day, clock = '00:00', seconds = ':00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?$/.exec(text) ?? [];
  return (
    utcTime(day === undefined ? text : `${day}T${clock}${seconds}Z`) ??
    refuse(
      part,
      `${partLabel(part)} must be a day or time as 2026-11-24 14:02, or one of RFC 3339, of 1970 or later.`,
    )
  );
}

function invalid(context: z.RefinementCtx): never {
  context.addIssue('invalid');
  return z.NEVER;
}

const time = z.string().transform((text, context) => utcTime(text) ?? invalid(context));
const agent = z
  .unknown()
  .transform((told, context) => (told === null ? null : (readAgent(told) ?? invalid(context))));
const wellFormed = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'));

const commentSchema = z.object({
  id: z.int32().nonnegative(),
  requestId: z.uuid().toLowerCase(),
  kind: z.enum(['NOTE', 'ANSWER']),
  body: wellFormed,
  author: agent,
  createdAt: time,
  editedAt: time.nullable(),
});

const changeSchema = z.object({
  id: z.int().nonnegative(),
  at: time,
  by: agent,
  field: wellFormed,
  from: wellFormed.nullable(),
  to: wellFormed.nullable(),
  // Exports of older desks have neither.
  version: z.int32().nonnegative().default(0),
  fromId: wellFormed.optional(),
  toId: wellFormed.optional(),
});

/** @throws RowProblem which names what of which entry is not as docs/export.md has it */
function listOf<Entry>(part: 'comments' | 'history', told: Told, schema: z.ZodType<Entry>): Entry[] {
  const read = z.array(schema).safeParse(parsed(part, told(part).value));
  if (read.success) return read.data;
  const [entry, name] = read.error.issues[0]?.path ?? [];
  const where =
    typeof entry === 'number'
      ? ` Look at entry ${entry + 1}${name === undefined ? '' : `, ${String(name)}`}.`
      : '';
  return refuse(part, `${part} must be a list as an export has it.${where}`);
}

function parsed(part: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return refuse(part, `${part} must be a list as an export has it, in JSON.`);
  }
}

function check(problem: Problem | undefined, field = problem?.field): void {
  if (problem) refuse(field ?? null, problem.message);
}

function refuse(field: string | null, message: string): never {
  throw new RowProblem({ field, message });
}
