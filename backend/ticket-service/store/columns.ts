/** Tickets as Postgres gives them: the select list names its columns as a Ticket names its properties, so a row is one. */
import type { Kind } from '../../../proto/field-kinds.ts';
import {
  type CreateFieldName,
  type FieldName,
  fieldNames,
  fieldOf,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';

/** A timestamp as text with its microseconds. */
export const timestampText = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The agent of this id as an object in SQL; null where it is none's. */
export const agentObject = (id: string) =>
  `(select json_build_object('id', agents.id, 'name', agents.name) from agents where agents.id = ${id})`;

/** Of an array, in SQL, each entry once and in the order of a set. @param wanted which of them, as a condition on `entry` */
export const asSet = (array: string, wanted = 'true') =>
  `array(select entry from unnest(${array}) as entry where ${wanted} group by entry order by entry collate "C")`;

/** How a select list has what Postgres has to make of what it stores. */
export interface Reading {
  time(column: string): string;
  agent(id: string): string;
}

/** Made there, each row as it is answered. */
export const whole: Reading = { time: timestampText, agent: agentObject };
/** Of a page, whose statement joins the agents: to look each of them up would take as long as all else. */
export const joined: Reading = { time: timestampText, agent: (id) => id };
/** As it is stored, for whoever reads so many rows that making both here costs less. */
export const plain: Reading = { time: (column) => column, agent: (id) => id };

/** With the id in the place of an agent. */
export type WithIds<Row, Names extends keyof Row> = Omit<Row, Names> & Record<Names, string | null>;

/** Of the row of a statement that joins the agents; null where it is none's, or one's that is not known. */
export const joinedAgent = (id: string | null, name: string | null): Agent | null =>
  id !== null && name !== null ? { id, name } : null;

/** For an update of tickets: the next version, written by this agent. */
export const nextVersion = (agent: string) =>
  `version = version + 1, updated_at = greatest(now(), updated_at), changed_by = ${agent}`;

/** dueAt is kept in due_at. */
export function columnOf(name: FieldName | 'createdAt' | 'updatedAt'): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const columnTypes: Record<Kind, string> = {
  text: 'text',
  choice: 'text',
  set: 'text[]',
  time: 'timestamptz',
  person: 'text',
};

export function columnTypeOf(name: FieldName): string {
  return columnTypes[fieldOf(name).kind];
}

/** The columns of what a ticket says, in the order of the declaration. */
export const valueColumns = fieldNames.map(columnOf).join(', ');

/** For a select list whose rows are tickets, with times and agents as they are read. */
export const ticketColumnsBy = ({ time, agent }: Reading) =>
  [
    'id',
    ...fieldNames.map((name) => {
      const column = columnOf(name);
      return `${fieldOf(name).kind === 'time' ? time(column) : column} as "${name}"`;
    }),
    ...personFieldNames.map((name) => `${agent(columnOf(name))} as "${ticketFields[name].agent}"`),
    `${time('created_at')} as "createdAt"`,
    `${time('updated_at')} as "updatedAt"`,
    'version',
    'request_id as "requestId"',
  ].join(', ');

/** For a select list or RETURNING, whose rows are then tickets. */
export const ticketColumns = ticketColumnsBy(whole);

/** Values under the names of their columns, as jsonb_populate_record() and jsonb_to_recordset() take them. */
export function toColumns(values: { [F in FieldName | CreateFieldName]?: unknown }): Record<string, unknown> {
  return Object.fromEntries(
    fieldNames.flatMap((name) => (values[name] === undefined ? [] : [[columnOf(name), values[name]]])),
  );
}
