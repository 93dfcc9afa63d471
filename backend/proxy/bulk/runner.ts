/** Runs bulk changes while the link stands: one chunk at a time, the jobs one after the other. */
import { isToBeSentAgain, toDeskError } from '../../errors.ts';
import type { ManyResult, TicketClient } from '../client/types.ts';
import { StepRunner } from '../step-runner.ts';
import type { ChunkRecord } from './job-record.ts';
import { type Job, type Jobs, nextChunk } from './jobs.ts';

/** What a chunk takes at least: 10,000 tickets in 8 s, most of which is left to others. */
const chunkMs = 20;

type Client = Pick<TicketClient, 'changeMany' | 'undoChange' | 'link' | 'onLink'>;

export function runBulk({ jobs, client }: { jobs: Jobs; client: Client }): StepRunner<Job> {
  return new StepRunner({
    work: jobs,
    next(job) {
      const chunk = job && nextChunk(job);
      if (!chunk) return undefined;
      return async () => {
        await jobs.markSent(chunk);
        jobs.settle(job, chunk, await send(client, job, chunk));
      };
    },
    client,
    minStepMs: chunkMs,
  });
}

/** @throws DeskError which may pass. */
async function send(
  client: Client,
  { record }: Job,
  { requestId, ids, undoes }: ChunkRecord,
): Promise<ManyResult> {
  const { change, agent } = record;
  try {
    if (undoes !== null) return await client.undoChange({ requestId, undoes, agent });
    if (change) return await client.changeMany({ requestId, ids, change, agent });
    return { changedIds: [], failures: [] };
  } catch (thrown) {
    const error = toDeskError(thrown);
    if (isToBeSentAgain(error)) throw error;
    // It is refused as it is, for each of its tickets.
    const { code, message, field = null } = error;
    return { changedIds: [], failures: ids.map((id) => ({ id, code, message, field, by: null })) };
  }
}
