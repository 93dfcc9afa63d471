/** What an import counts, where the answer for rows that were stored is lost. */
import { writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import { createLogger } from '../../logger.ts';
import { testFolder } from '../../testing/test-folder.ts';
import type { ImportRequest, LinkStatus, TicketClient } from '../client/types.ts';
import type { RecordStore } from '../outbox/store.ts';
import type { ImportRecord } from './import-record.ts';
import { Imports } from './imports.ts';
import { runImports } from './run-imports.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const id = '3f0f7f0e-5a38-4c0e-9d5d-0d1c6f6a2b11';
const rows = ['Printer', 'Scanner', 'Router', 'Beamer'];

/** A ticket service that has stored some rows of the file before, by their titles. */
function serviceWith(titles: readonly string[]) {
  const stored = new Set(titles);
  let losesAnswers = 0;
  const client = {
    link: () => ({ state: 'CONNECTED', reason: null }) as LinkStatus,
    onLink: () => () => {},
    agents: async () => [],
    async importTickets({ tickets, isDryRun }: ImportRequest) {
      const answers = tickets.map(({ ticket: { title } }) => {
        const wasThere = stored.has(title);
        if (!isDryRun) stored.add(title);
        return { id: isDryRun ? null : 1, wasThere, rejection: null };
      });
      if (isDryRun || losesAnswers === 0) return answers;
      losesAnswers -= 1;
      throw new DeskError('UNAVAILABLE', 'The link was lost.');
    },
  } satisfies Pick<TicketClient, 'link' | 'onLink' | 'agents' | 'importTickets'>;
  const loseAnswers = (count: number) => {
    losesAnswers = count;
  };
  return { client, loseAnswers };
}

it.each([
  ['none of them was there', [], { imported: 4, wereThere: 0 }],
  ['some were there', ['Scanner', 'Beamer'], { imported: 2, wereThere: 2 }],
  ['all were there', rows, { imported: 0, wereThere: 4 }],
])('counts rows that it sends again as its own, but those of before: %s', async (_which, before, tally) => {
  const { client, loseAnswers } = serviceWith(before);
  const store = { records: [], elsewhere: new Map(), put: async () => {}, delete: async () => {} };
  const imports = new Imports({
    store: store as unknown as RecordStore<ImportRecord>,
    folder: testFolder(),
    logger,
  });
  const runner = runImports({ imports, client });
  onTestFinished(() => runner.stop());
  const text = `title,description,name\n${rows.map((title) => `${title},,Ada\n`).join('')}`;
  await writeFile(imports.uploads.pathOf(id), text);
  const one = await imports.prepare({ id, fileName: 'a.csv', bytes: text.length, agent: undefined });
  for (const isDryRun of [true, false]) {
    if (!isDryRun) loseAnswers(2);
    await imports.start(id, { mapping: undefined, isDryRun });
    await vi.waitUntil(() => one.record.state === 'DONE', { timeout: 20_000 });
    expect(one.record).toMatchObject({ rows: 4, ...tally });
  }
});
