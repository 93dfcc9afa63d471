/** Who changed what of a ticket, as the triggers of 007_history.sql keep it. */
import { personFieldNames } from '../../../proto/ticket-fields.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import { joined, joinedAgent, plain, type Reading, type WithIds } from './columns.ts';
import type { Database } from './database.ts';
import type { ChangePage, StoredChange } from './ticket-store.ts';

const people = personFieldNames.map((name) => `'${name}'`).join(', ');

/** Of a field that names an agent by the id, the name. */
const named = (side: 'from' | 'to') =>
  `case when field in (${people}) then coalesce((select name from agents where id = "${side}"), "${side}")
   else "${side}" end as "${side}"`;

/** And the id, by which an agent of another name later on is the same. */
const namedId = (side: 'from' | 'to') => `case when field in (${people}) then "${side}" end as "${side}Id"`;

const changeColumnsBy = ({ time, agent }: Reading, [from, to]: [string, string]) =>
  [
    'ticket_history.id',
    'version',
    `${time('at')} as at`,
    `${agent('ticket_history.agent')} as by`,
    'field',
    from,
    to,
    namedId('from'),
    namedId('to'),
  ].join(', ');

const changeColumns = changeColumnsBy(joined, [named('from'), named('to')]);

/** With the ids of agents in the place of their names. */
export const plainChangeColumns = changeColumnsBy(plain, ['"from"', '"to"']);

export async function pageHistory(database: Database, request: BelowRequest): Promise<ChangePage> {
  const { ticketId, pageSize, afterId, newestFirst } = request;
  const [direction, behind] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  // One more than asked for tells whether there is a next page.
  const found = await database.query<WithIds<StoredChange, 'by'> & { agentName: string | null }>(
    `select ${changeColumns}, agents.name as "agentName" from ticket_history left join agents on agents.id = agent
     where ticket_id = $1 and ($2::bigint is null or ticket_history.id ${behind} $2)
     order by ticket_history.id ${direction} limit $3`,
    [ticketId, afterId ?? null, pageSize + 1],
    `page-history-${direction}`,
  );
  const changes = found
    .slice(0, pageSize)
    .map((row) => Object.assign(row, { by: joinedAgent(row.by, row.agentName) }));
  return { changes, hasNextPage: found.length > pageSize };
}
