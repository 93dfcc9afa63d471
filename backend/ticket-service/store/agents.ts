/** Who has acted, and when they were last seen. */
import { LRUCache } from 'lru-cache';
import type { Agent } from '../../domain/agent.ts';
import { timestampText } from './columns.ts';
import type { Database } from './database.ts';
import type { SeenAgent } from './ticket-store.ts';

/** An agent who goes on working is noted so often, and not with every write. */
const noteEveryMs = 60_000;
const maxRemembered = 10_000;

export interface AgentBook {
  /** Resolves once they can be referred to. What is noted already costs nothing. */
  see(agents: readonly (Agent | undefined)[]): Promise<void>;
  /** By name. */
  list(): Promise<SeenAgent[]>;
}

export function openAgentBook(database: Database): AgentBook {
  const noted = new LRUCache<string, { name: string; atMs: number }>({ max: maxRemembered });

  function isNews({ id, name }: Agent): boolean {
    const last = noted.get(id);
    return last?.name !== name || performance.now() - last.atMs > noteEveryMs;
  }

  return {
    async see(agents) {
      const news = new Map(agents.flatMap((agent) => (agent && isNews(agent) ? [[agent.id, agent]] : [])));
      if (news.size === 0) return;
      // In the order of their ids, so that two who note the same never wait for one another.
      const rows = [...news.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      await database.query(
        `insert into agents (id, name, last_seen_at) select id, name, now()
         from unnest($1::text[], $2::text[]) as seen (id, name)
         on conflict (id) do update set name = excluded.name, last_seen_at = excluded.last_seen_at`,
        [rows.map(({ id }) => id), rows.map(({ name }) => name)],
      );
      for (const { id, name } of rows) noted.set(id, { name, atMs: performance.now() });
    },
    list: () =>
      database.query<SeenAgent>(
        `select id, name, ${timestampText('last_seen_at')} as "lastSeenAt" from agents order by lower(name), id`,
      ),
  };
}
