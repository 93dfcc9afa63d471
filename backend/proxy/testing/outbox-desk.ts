/** An outbox on a real disk with its dispatcher and confirmer, and a link that the test switches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createListeners } from '../../../proto/listeners.ts';
import { createLogger } from '../../logger.ts';
import type { CreateResult, LinkStatus, TicketEvent } from '../client/types.ts';
import { Confirmer } from '../outbox/confirmer.ts';
import { Dispatcher } from '../outbox/dispatcher.ts';
import type { OutboxEvent } from '../outbox/entry.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { OutboxRecord } from '../outbox/outbox-record.ts';
import { type OutboxStore, openOutboxStore } from '../outbox/store.ts';
import { type ControllableQueue, controllableQueue } from './controllable-queue.ts';

export const silentLogger = createLogger({ name: 'test', level: 'silent' });

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ticket-desk-outbox-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface OutboxDesk {
  outbox: Outbox;
  dispatcher: Dispatcher;
  queue: ControllableQueue;
  /** What is sent to the service past the queue. */
  straight: ControllableQueue;
  events: OutboxEvent[];
  /** The first event from now on, or already there, that fits. */
  event(fits: (event: OutboxEvent) => boolean): Promise<OutboxEvent>;
  /** What the ticket service answers when it is asked what became of creates. */
  results: Map<string, CreateResult>;
  /** Whether it answers that at all. */
  confirms: boolean;
  tellTicket(event: TicketEvent): void;
  setLink(state: LinkStatus['state']): void;
  stop(): Promise<void>;
}

/** @param options.wrap puts something between the outbox and the disk. */
export async function openOutboxDesk(options: {
  folder: string;
  link?: LinkStatus['state'];
  wrap?: (store: OutboxStore) => OutboxStore;
}): Promise<OutboxDesk> {
  const store = await openOutboxStore({ folder: join(options.folder, 'outbox'), logger: silentLogger });
  const outbox = new Outbox(options.wrap?.(store) ?? store);
  const queue = controllableQueue();
  const straight = controllableQueue();
  const links = createListeners<LinkStatus>();
  const tickets = createListeners<TicketEvent>();
  let link: LinkStatus = {
    state: options.link ?? 'CONNECTED',
    since: '',
    serviceVersion: null,
    reason: null,
    obstacle: null,
  };
  const events: OutboxEvent[] = [];
  outbox.onChange((event) => events.push(event));
  const dispatcher = new Dispatcher({ outbox, queue, logger: silentLogger });
  const desk: OutboxDesk = {
    outbox,
    dispatcher,
    queue,
    straight,
    events,
    event(fits) {
      const known = events.find(fits);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => {
        const stop = outbox.onChange((event) => {
          if (!fits(event)) return;
          stop();
          resolve(event);
        });
      });
    },
    results: new Map(),
    confirms: true,
    tellTicket: tickets.emit,
    setLink(state) {
      link = { ...link, state };
      links.emit(link);
      if (state === 'CONNECTED') dispatcher.wake();
    },
    async stop() {
      await confirmer.stop();
      await dispatcher.stop();
      await store.close();
    },
  };
  const confirmer = new Confirmer({
    outbox,
    logger: silentLogger,
    client: {
      link: () => link,
      onLink: links.add,
      onTicket: tickets.add,
      createResults: async () => (desk.confirms ? desk.results : 'unknown'),
      async createTicket(create, options) {
        const result = await straight.publish(create, options);
        return { id: result.state === 'stored' ? result.id : 0 };
      },
    },
  });
  return desk;
}

let filed = 0;

/** A create with texts of its own; the same number makes the same one. */
export function aCreate(number = ++filed) {
  return {
    requestId: `0198c5a7-3b1e-7c4d-8a2f-${String(number).padStart(12, '0')}`,
    title: `Title ${number}`,
    description: `Description ${number}`,
    name: 'Ada',
    createdAt: '2026-11-24T14:02:11.123456Z',
  };
}

/** A create as the outbox keeps it before it was sent. */
export function aRecord(sequence: number, create = aCreate(sequence + 1)): OutboxRecord {
  return {
    ...create,
    sequence,
    revision: 0,
    state: 'QUEUED',
    attempts: 0,
    mayBeSent: false,
    lastError: null,
    lastErrorField: null,
    conflict: null,
  };
}
