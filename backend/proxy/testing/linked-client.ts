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

export function clientOf(address: string, apiToken?: string, logger = silentLogger): TicketClient {
  const client = createTicketClient({ address, apiToken, version: '0.0.1', logger });
  onTestFinished(async () => {
    vi.useRealTimers();
    await client.close();
  });
  return client;
}

export const nextEvent = (client: TicketClient) =>
  new Promise<TicketEvent>((resolve) => {
    const stop = client.onTicket((event) => {
      stop();
      resolve(event);
    });
  });
