import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createListeners } from '../../proto/listeners.ts';
import { DeskError } from '../errors.ts';
import { openProxy } from './proxy.ts';
import { controllableQueue } from './testing/controllable-queue.ts';
import { silentLogger as logger, temporaryFolder } from './testing/outbox-desk.ts';
import { graphqlRequest } from './testing/real-proxy.ts';
import { createTicketClient } from './ticket-client.ts';

const file = `mutation { createTicket(input: { title: "Printer", description: "", name: "Ada" }) { success } }`;

it('sends what waits as soon as the queue says that it has opened, whatever the link to the service', async () => {
  const folder = temporaryFolder();
  const opened = createListeners<void>();
  const queue = Object.assign(controllableQueue(), { onOpen: opened.add });
  const client = createTicketClient({
    address: `unix:${join(folder.path, 'nobody')}`,
    version: '1.0.0',
    logger,
  });
  const proxy = await openProxy({
    dataDir: folder.path,
    queue,
    client,
    serviceLabel: 'nobody',
    logger,
    appVersion: '1.0.0',
  });
  await proxy.handle(graphqlRequest({ query: file }));
  const first = await queue.next();
  // Time stands still: no try of the dispatcher's own comes due.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const failed = new Promise<void>((resolve) => {
    proxy.outbox.onChange(resolve);
  });
  first.fail(new DeskError('UNAVAILABLE', 'nobody there', { details: { notSent: true } }));
  await failed;
  opened.emit();
  const second = await queue.next();
  expect(second.create).toEqual(first.create);
  second.answer({ state: 'stored', id: 1 });
  vi.useRealTimers();
  await proxy.stop();
  expect(opened.size).toBe(0);
  await client.close();
  folder.remove();
});
