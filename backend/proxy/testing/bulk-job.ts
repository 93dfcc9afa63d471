/** Follows a bulk change through GraphQL, as a page does. */
import { readParts } from './multipart-reader.ts';
import { graphqlRequest, type ProxyOn } from './real-proxy.ts';

export const bulkFields =
  'id state isStopping reason total done changed failed undoes failures { id code message field by { name } }';

export interface BulkJobTold {
  id: string;
  state: 'READY' | 'RUNNING' | 'WAITING' | 'STOPPED' | 'DONE';
  isStopping: boolean;
  reason: string | null;
  total: number;
  done: number;
  changed: number;
  failed: number;
  undoes: string | null;
  failures: {
    id: number;
    code: string;
    message: string;
    field: string | null;
    by: { name: string } | null;
  }[];
}

/** Resolves with the job once it is so. */
export async function bulkReached(
  desk: Pick<ProxyOn, 'ask' | 'proxy'>,
  id: string,
  isSo: (job: BulkJobTold) => boolean,
): Promise<BulkJobTold> {
  const query = `subscription { bulkJobChanged { ${bulkFields} } }`;
  const parts = readParts(await desk.proxy.handle(graphqlRequest({ query })));
  const { data } = await desk.ask(`{ bulkJobs(id: "${id}") { ${bulkFields} } }`);
  let [now]: BulkJobTold[] = data.bulkJobs;
  while (now?.id !== id || !isSo(now)) {
    const { payload } = (await parts.next()) as { payload: { data: { bulkJobChanged: BulkJobTold } } };
    now = payload.data.bulkJobChanged;
  }
  await parts.cancel();
  return now;
}

/** Resolves with the job once it is stopped or done. */
export const bulkEnded = (desk: Pick<ProxyOn, 'ask' | 'proxy'>, id: string) =>
  bulkReached(desk, id, ({ state }) => state === 'DONE' || state === 'STOPPED');
