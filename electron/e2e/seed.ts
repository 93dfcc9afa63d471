/** Puts tickets into a desk by the way that every ticket takes. */
import { expect, vi } from 'vitest';
import type { RunningDesk } from './harness.ts';

export interface SeedTicket {
  title: string;
  description?: string;
  name?: string;
  status?: string;
  priority?: string;
}

/** Files the tickets in order and waits until all are stored; answers their ids. */
export async function seed(
  desk: Pick<RunningDesk, 'graphql'>,
  tickets: readonly SeedTicket[],
): Promise<number[]> {
  const requestIds: string[] = [];
  for (const { title, description = '', name = 'Ada', priority } of tickets) {
    const { data } = await desk.graphql<{ createTicket: { requestId: string } }>(
      'mutation ($input: NewTicket!) { createTicket(input: $input) { requestId } }',
      { input: { title, description, name, priority } },
    );
    requestIds.push(data?.createTicket.requestId ?? '');
  }
  const ids = await vi.waitFor(() => idsOf(desk, requestIds), { timeout: 30_000, interval: 50 });
  for (const [index, { status }] of tickets.entries()) {
    if (!status) continue;
    const input = { id: ids[index], status };
    await desk.graphql('mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
      input,
    });
  }
  return ids;
}

async function idsOf(desk: Pick<RunningDesk, 'graphql'>, requestIds: string[]): Promise<number[]> {
  const { data } = await desk.graphql<{ tickets: { id: number; requestId: string }[] }>(
    '{ tickets { id requestId } }',
  );
  const byRequest = new Map(data?.tickets.map(({ id, requestId }) => [requestId, id]));
  const ids = requestIds.map((requestId) => byRequest.get(requestId));
  expect(ids).not.toContain(undefined);
  return ids as number[];
}
