import { expect, it } from 'vitest';
import { createQueueContract } from '../ports/create-queue.contract.ts';
import { linkState } from '../proxy/testing/link-state.ts';
import { proxyOn } from '../proxy/testing/real-proxy.ts';
import { startTestPostgres } from '../testing/postgres.ts';
import { startTestService } from '../ticket-service/testing/service.ts';
import { directQueue } from './queue-direct.ts';

async function start() {
  const postgres = await startTestPostgres();
  const postgresUrl = await postgres.createDatabase();
  let service = await startTestService({ postgresUrl });
  const { client, stop } = await proxyOn({ address: service.address });
  await linkState(client, 'CONNECTED');
  const queue = directQueue(client);
  return {
    queue,
    async ticketsOf(requestId: string) {
      const tickets = await client.list({});
      return tickets.filter((ticket) => ticket.requestId === requestId).map(({ id }) => id);
    },
    async breakWay() {
      await service.stop();
    },
    async mendWay() {
      service = await startTestService({ postgresUrl, grpcAddress: service.address });
      await linkState(client, 'CONNECTED');
    },
    async stop() {
      await queue.close();
      await stop();
      await service.stop();
      await postgres.stop();
    },
  };
}

createQueueContract('queue-direct', start);

it('names the field of a create that can never succeed', async () => {
  const test = await start();
  const create = {
    requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
    title: ' ',
    description: '',
    name: 'Ada',
    createdAt: '2026-11-24T14:02:11.123456Z',
  };
  await expect(test.queue.publish(create, { signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'title',
  });
  await test.stop();
});
