/** The most common words of all tickets, as Postgres's own statistics have them. */
import { LRUCache } from 'lru-cache';
import type { Database } from './database.ts';
import type { CommonWord, Completion } from './search-conditions.ts';

/** How common words are changes by the month. */
const keptMs = 600_000;
/** Of all tickets. What has words that are in as many is proved to be common by them; each further word takes its time. */
const enoughPart = 0.1;
const mostWords = 3;

// What else is in a vector (migrations 011, 022) has signs that no word has.
const statement = `
  select word, part from pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) as common (word, part)
  where schemaname = current_schema() and tablename = 'tickets' and attname = 'search' and word ~ '^[^=#:>]+$'
  order by part desc`;

/** A service has one database. */
const kept = new LRUCache<Pick<Database, 'query'>, readonly CommonWord[]>({
  max: 1,
  ttl: keptMs,
  fetchMethod: (database) => database.query<CommonWord>(statement),
});

/** Completes a beginning by the words that are most common. None is known of a small database, or a new one. */
export async function commonWords(database: Pick<Database, 'query'>): Promise<Completion> {
  const common = (await kept.fetch(database)) ?? [];
  return (beginning) => {
    const found: CommonWord[] = [];
    let part = 0;
    for (const each of common) {
      if (part >= enoughPart || found.length === mostWords) break;
      if (!each.word.startsWith(beginning)) continue;
      found.push(each);
      part += each.part;
    }
    return found;
  };
}
