/** Backups of whole desks with their own processes, as the window asks for them. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BackupNews } from '../backend/backup-task.ts';
import { composeDesk } from '../backend/compose.ts';
import { forkTicketService } from '../backend/embedded/fork-ticket-service.ts';
import { backupNewsIn, type SpawnTicketService } from '../backend/embedded/service-process.ts';
import { createLogger } from '../backend/logger.ts';
import { ask } from '../backend/proxy/testing/real-proxy.ts';
import { bundleBackend } from '../backend/testing/bundle.ts';
import { makeDataDir, removeDataDir, until } from '../backend/testing/desk-process.ts';
import { copyPreparedCluster } from '../backend/testing/prepared-cluster.ts';
import { openBackend } from './backend.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** @param filter of what the ticket service says; it is killed in place of what this is true of */
async function openDesk(filter: (news: BackupNews) => boolean = () => false) {
  const dataDir = await makeDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  await copyPreparedCluster(dataDir);
  const fork = forkTicketService(path.join(await bundleBackend(), 'ticket-service.cjs'));
  const spawn: SpawnTicketService = (env) => {
    const child = fork(env);
    const onMessage: typeof child.onMessage = (listener) =>
      child.onMessage((message) => {
        const news = backupNewsIn(message);
        if (news && filter(news)) child.kill();
        else listener(message);
      });
    return { ...child, onMessage };
  };
  const service = { kind: 'built-in', spawn } as const;
  const desk = openBackend(() => composeDesk({ dataDir, service, logger, appVersion: '1.2.3' }), logger);
  onTestFinished(() => desk.stop());
  const graphql = async (query: string, variables = {}) => (await ask(desk.handle, query, variables)).data;
  return {
    dataDir,
    desk,
    graphql,
    create: (title: string) =>
      graphql(
        `mutation ($title: String!) {
           createTicket(input: { title: $title, description: "", name: "Ada" }) { success }
         }`,
        { title },
      ),
    /** All that a ticket has, oldest first. */
    everything: () =>
      graphql(
        `{ ticketPage(filter: {}, first: 50, orderBy: CREATED_ASC) { edges { node {
             id title status version createdAt updatedAt
             comments(first: 9) { edges { node { id body createdAt } } }
             history(first: 9) { edges { node { at field from to } } }
         } } } }`,
      ),
    stored: (count: number) =>
      until(async () => {
        const data = await graphql('{ tickets { id } }');
        return (data as { tickets?: unknown[] } | undefined)?.tickets?.length === count;
      }),
  };
}

test('a backup of a desk in use is restored into an empty one, and refused by one that is not', async () => {
  const [one, other] = await Promise.all([openDesk(), openDesk()]);
  for (const title of ['Printer', 'Scanner']) await one.create(title);
  await one.stored(2);
  await one.graphql('mutation { updateTicket(input: { id: 1, status: "Completed" }) { success } }');
  await one.graphql(
    'mutation { addComment(input: { requestId: "0197a3c4-0000-7000-8000-000000000001", ticketId: 1, kind: NOTE, body: "Paper" }) { success } }',
  );
  await until(async () => one.desk.unsent().waiting === 0);
  const backups = await one.desk.backups();
  expect(await backups?.make()).toMatchObject({ tickets: 2 });
  const { last } = (await backups?.status()) ?? {};
  const file = last?.file ?? '';
  expect(await readdir(path.join(one.dataDir, 'backups'))).toEqual([path.basename(file)]);

  await other.create('Waits while the service still starts');
  await expect(other.desk.restoreBackup(file)).rejects.toThrow(/Something waits to be sent/);
  await other.stored(1);
  await until(async () => other.desk.unsent().waiting === 0);
  await expect(other.desk.restoreBackup(file)).rejects.toThrow(/This desk has tickets/);
  await other.graphql('mutation { deleteTicket(input: { id: 1 }) { success } }');
  expect(await other.desk.restoreBackup(file)).toMatchObject({ tickets: 2 });
  await other.stored(2);
  const everything = await one.everything();
  expect(JSON.stringify(everything)).toMatch(/"Paper".*"Completed"/);
  expect(await other.everything()).toEqual(everything);
  await other.create('After it');
  await other.stored(3);
  expect(await other.graphql('{ ticket(id: 3) { title } }')).toEqual({ ticket: { title: 'After it' } });
});

test('a restore whose end the killed ticket service did not tell leaves a desk that is opened anew', async () => {
  const one = await openDesk();
  await one.create('Printer');
  await one.stored(1);
  await until(async () => one.desk.unsent().waiting === 0);
  await (await one.desk.backups())?.make();
  const file = (await (await one.desk.backups())?.status())?.last?.file ?? '';

  let isToBeKilled = true;
  const other = await openDesk((news) => {
    const isEnd = 'summary' in news && isToBeKilled;
    if (isEnd) isToBeKilled = false;
    return isEnd;
  });
  await other.create('Deleted before');
  await other.stored(1);
  await until(async () => other.desk.unsent().waiting === 0);
  await other.graphql('mutation { deleteTicket(input: { id: 1 }) { success } }');
  const before = await other.desk.backups();
  const words = /either all its tickets are here, or none/;
  await expect(other.desk.restoreBackup(file)).rejects.toThrow(words);
  const after = await other.desk.backups();
  expect(after).not.toBe(before);
  expect((await after?.status())?.problem?.text).toMatch(words);
  await other.stored(1);
  expect(await other.everything()).toEqual(await one.everything());
});
