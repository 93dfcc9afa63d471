/** The views of agents, and those that everybody has. Each write is one statement. */
import { limits } from '../../../proto/checks.ts';
import type { Agent } from '../../domain/agent.ts';
import type { View, ViewContent, ViewToSave } from '../../domain/view.ts';
import { DeskError } from '../../errors.ts';
import { timestampText } from './columns.ts';
import type { Database } from './database.ts';

const everybody = '';

const viewColumns = `id, name, owner = '${everybody}' as shared, query, "order", columns, key, version,
  ${timestampText('updated_at')} as "updatedAt"`;

/** The place behind all views of this owner. */
const lastPlace = (owner: string) => `(select coalesce(max(place), 0) + 1 from views where owner = ${owner})`;
const hasRoom = (owner: string) => `(select count(*) from views where owner = ${owner}) < ${limits.maxViews}`;

/** Nobody known has no views of their own. */
const ownerOf = (me: Agent | undefined) => me?.id ?? everybody;

/** One's own first, then those that everybody has, each in their order. */
export function listViews(database: Database, me: Agent | undefined): Promise<View[]> {
  return database.query<View>(
    `select ${viewColumns} from views where owner in ($1, '${everybody}')
     order by owner = '${everybody}', place, id`,
    [ownerOf(me)],
    'list-views',
  );
}

/** $1 id, $2 whose it is to be, $3 name, $4 query, $5 order, $6 columns, $7 key. */
const createStatement = `
  insert into views (id, owner, name, query, "order", columns, key, place)
  select $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text[], $7::text, ${lastPlace('$2')} where ${hasRoom('$2')}
  on conflict (id) do nothing
  returning ${viewColumns}`;

/** As above; $8 who changes it, $9 the expected version. */
const changeStatement = `
  update views set owner = $2, name = $3, query = $4, "order" = $5, columns = $6, key = $7,
    version = version + 1, updated_at = now(), place = case when owner = $2 then place else ${lastPlace('$2')} end
  where id = $1 and owner in ($8, '${everybody}') and version = $9 and (owner = $2 or ${hasRoom('$2')})
  returning ${viewColumns}`;

/**
 * Creates or changes a view. The same again answers what it did before.
 * @throws DeskError NOT_FOUND: the agent has no such view. CONFLICT: it has another version, or the id is another view's.
 * BAD_USER_INPUT: there are as many as there may be, or nobody is known whose it could be.
 */
export async function saveView(database: Database, view: ViewToSave, me: Agent | undefined): Promise<View> {
  const { id, name, shared, query, order, columns, key, expectedVersion } = view;
  if (!shared && !me) {
    const words = 'Nobody has told who works here, so a view can only be shared with everybody.';
    throw new DeskError('BAD_USER_INPUT', words, { field: 'shared' });
  }
  const owner = shared ? everybody : ownerOf(me);
  const values = [id, owner, name, query, order, columns, key];
  const [saved] =
    expectedVersion === undefined
      ? await database.query<View>(createStatement, values, 'create-view')
      : await database.query<View>(changeStatement, [...values, ownerOf(me), expectedVersion], 'change-view');
  return saved ?? repeated(database, view, me);
}

/** What the same request saved before. @throws why it can't be saved */
async function repeated(database: Database, view: ViewToSave, me: Agent | undefined): Promise<View> {
  const { id, expectedVersion = 0 } = view;
  const [found] = await database.query<View & { isSeen: boolean }>(
    `select ${viewColumns}, owner in ($2, '${everybody}') as "isSeen" from views where id = $1`,
    [id, ownerOf(me)],
    'find-view',
  );
  const isNew = expectedVersion === 0;
  if (!isNew && !found?.isSeen) {
    throw new DeskError('NOT_FOUND', 'There is no such view any more: it was deleted.', { field: 'id' });
  }
  if (found) {
    const { isSeen, ...saved } = found;
    if (isSeen && saved.version === expectedVersion + 1 && sameContent(saved, view)) return saved;
    if (isNew) {
      const words = 'This id was used for another view. Give this one its own.';
      throw new DeskError('CONFLICT', words, { field: 'id' });
    }
    if (saved.version !== expectedVersion) {
      const words = 'The view was changed meanwhile. Look at it, then change it again.';
      throw new DeskError('CONFLICT', words, { field: 'expectedVersion' });
    }
  }
  const whose = view.shared ? 'Everybody together has' : 'You have';
  const words = `${whose} ${limits.maxViews} views, and that is the most. Delete one of them.`;
  throw new DeskError('BAD_USER_INPUT', words, { field: 'shared' });
}

function sameContent(saved: ViewContent, wanted: ViewContent): boolean {
  return (
    (['name', 'shared', 'query', 'order', 'key'] as const).every((name) => saved[name] === wanted[name]) &&
    saved.columns.join('\n') === wanted.columns.join('\n')
  );
}

/** $1 id, $2 who moves it, $3 the view to go before, null: behind all. All places of its list are written anew. */
const moveStatement = `
  with moved as (
    select owner from views where id = $1 and owner in ($2, '${everybody}')
  ), listed as (
    select id, row_number() over (order by place, id) as at from views where owner = (select owner from moved)
  ), target as (
    select at - 0.5 as at from listed where id = $3
    union all select count(*) + 1 from listed having $3::uuid is null
  ), placed as (
    select id, row_number() over (order by case when id = $1 then target.at else listed.at end) as place
    from listed, target
  )
  update views set place = placed.place from placed where views.id = placed.id
  returning views.id`;

/** @returns whether the agent has both views, in one list */
export async function moveView(
  database: Database,
  { id, beforeId }: { id: string; beforeId: string | null },
  me: Agent | undefined,
): Promise<boolean> {
  const moved = await database.query(moveStatement, [id, ownerOf(me), beforeId], 'move-view');
  return moved.length > 0;
}

/** @returns whether the agent had such a view */
export async function deleteView(database: Database, id: string, me: Agent | undefined): Promise<boolean> {
  const deleted = await database.query(
    `delete from views where id = $1 and owner in ($2, '${everybody}') returning id`,
    [id, ownerOf(me)],
    'delete-view',
  );
  return deleted.length > 0;
}
