/** Bulk changes, every other one undone, and imports: jobs that go on by themselves after a kill or a lost link. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sendFile } from '../proxy/testing/send-file.ts';
import { callerHeaders } from '../testing/graphql.ts';
import type { Answer } from './history.ts';
import { answerOf, seeThrough } from './ways-in.ts';
import { type Desk, groupOf, type Work } from './work.ts';

const pollMs = 50;
const betweenImportsMs = 10_000;
/** Now and then more than one step of an import, which is 1,000 rows. */
const importRows = { few: 40, many: 1_100 };

interface Job {
  id: string;
  state: string;
  total: number;
  done: number;
  changed: number;
  failed: number;
}

export async function runBulks(work: Work): Promise<void> {
  const { desk, history, filed } = work;
  const ended = (id: string) => async (): Promise<Answer | undefined> => {
    const query = '{ bulkJobs { id state total done changed failed } }';
    const { bulkJobs } = await answerOf<{ bulkJobs: Job[] }>(desk, query);
    const job = bulkJobs.find((one) => one.id === id);
    if (job?.state !== 'DONE') return undefined;
    const isWhole = job.done + job.failed === job.total;
    return { state: isWhole ? 'STORED' : 'WRONG', count: job.changed, told: JSON.stringify(job) };
  };
  for (let count = 1; !work.isOver(); count += 1) {
    const [id, tag] = [randomUUID(), `bulk-${count}`];
    const isUndone = count % 2 === 0;
    const by = 'proxy';
    await history.run({ by, kind: 'bulk', requestId: id, texts: [tag] }, async () => {
      // What stays takes away what has stayed of the ones before, as only so many fit.
      const removeTags = isUndone ? [] : [`bulk-${count - 2}`];
      const filter = { query: `requester:"${groupOf(filed.length)}"` };
      const prepare = { id, filter, addTags: [tag], removeTags };
      await answerOf(desk, 'mutation ($input: PrepareBulk!) { prepareBulk(input: $input) { id } }', prepare);
      await answerOf(desk, 'mutation ($input: BulkJobInput!) { startBulk(input: $input) { id } }', { id });
      return await seeThrough(ended(id), pollMs);
    });
    if (isUndone) {
      const undo = { id: randomUUID(), undoes: id };
      await history.run({ by, kind: 'undo', requestId: undo.id, texts: [tag] }, async () => {
        await answerOf(desk, 'mutation ($input: UndoBulk!) { undoBulk(input: $input) { id } }', undo);
        return await seeThrough(ended(undo.id), pollMs);
      });
    }
    await delay(pollMs);
  }
}

interface ImportSoFar {
  id: string;
  state: string;
  imported: number;
  wereThere: number;
  refused: number;
}

export async function runImports(work: Work): Promise<void> {
  const { desk, history } = work;
  for (let count = 1; !work.isOver(); count += 1) {
    const id = randomUUID();
    const length = count % 3 === 0 ? importRows.many : importRows.few;
    const titles = titlesOf(`import ${count}`, length);
    await history.run({ by: 'proxy', kind: 'import', requestId: id, texts: titles }, () =>
      importTitles(desk, id, titles),
    );
    for (let waitedMs = 0; waitedMs < betweenImportsMs && !work.isOver(); waitedMs += pollMs) {
      await delay(pollMs);
    }
  }
}

/** @param name no other import of a run has it */
export const titlesOf = (name: string, length: number) =>
  Array.from({ length }, (_, at) => `${name} row ${at + 1}`);

/** Sends a file with a row for each title and resolves at the end of its import. */
export async function importTitles(desk: () => Desk, id: string, titles: readonly string[]): Promise<Answer> {
  const text = ['title,description,name', ...titles.map((title) => `${title},as it was,somebody`)].join('\n');
  const bytes = await seeThrough(() =>
    sendFile((request) => toDesk(desk(), request), id, text).catch(() => undefined),
  );
  const prepare = { id, fileName: 'import.csv', bytes };
  await answerOf(desk, 'mutation ($input: PrepareImport!) { prepareImport(input: $input) { id } }', prepare);
  const query = '{ imports { id state imported wereThere refused } }';
  const ended = await seeThrough(async () => {
    const { imports } = await answerOf<{ imports: ImportSoFar[] }>(desk, query);
    const found = imports.find((one) => one.id === id);
    if (found?.state === 'READY' || found?.state === 'STOPPED') {
      const start = { id, isDryRun: false };
      await answerOf(desk, 'mutation ($input: StartImport!) { startImport(input: $input) { id } }', start);
    }
    return found?.state === 'DONE' ? found : undefined;
  }, pollMs);
  await answerOf(desk, 'mutation ($input: ImportInput!) { discardImport(input: $input) { id } }', { id });
  return { state: 'STORED', count: ended.imported + ended.wereThere, told: JSON.stringify(ended) };
}

/** The same request at the address of the desk as it is now, with the token. */
async function toDesk(desk: Desk, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return await fetch(new URL(pathname + search, desk.url), {
    method: request.method,
    headers: { ...callerHeaders, 'content-type': 'application/octet-stream' },
    body: await request.arrayBuffer(),
  });
}
