/** A ticket client on a small service, for one test: both end with it. */
import { onTestFinished, vi } from 'vitest';
import type { TicketEvent } from '../client/types.ts';
import { createTicketClient, type TicketClient } from '../ticket-client.ts';
import { silentLogger } from './outbox-desk.ts';
import { type SmallService, startSmallService } from './small-service.ts';

export async function aService(options: Parameters<typeof startSmallService>[0] = {}): Promise<SmallService> {
  const service = await startSmallService(options);
  onTestFinished(service.stop);
  return service;
}

export function clientOf(address: string, apiToken?: string): TicketClient {
  const client = createTicketClient({ address, apiToken, version: '0.0.1', logger: silentLogger });
  onTestFinished(async () => {
    vi.useRealTimers();
    await client.close();
  });
  return client;
}

/** Resolves once the link is in this state. */
export function linked(client: TicketClient, state = 'CONNECTED'): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onLink(look);
    function look(): void {
      if (client.link().state !== state) return;
      stop();
      resolve();
    }
    look();
  });
}

export const nextEvent = (client: TicketClient) =>
  new Promise<TicketEvent>((resolve) => {
    const stop = client.onTicket((event) => {
      stop();
      resolve(event);
    });
  });
