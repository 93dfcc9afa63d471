import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../logger.ts';
import { startRelay } from '../testing/relay.ts';
import { linkState } from './testing/link-state.ts';
import { aService, clientOf, nextEvent } from './testing/linked-client.ts';
import { aCreate } from './testing/outbox-desk.ts';

const { signal } = new AbortController();

describe('a call', () => {
  it('carries the token', async () => {
    const service = await aService();
    const client = clientOf(service.address, 'secret');
    await client.list({});
    expect(new Set(service.calls.map(({ authorization }) => authorization))).toContain('Bearer secret');
  });

  it.each([
    [status.INVALID_ARGUMENT, 'BAD_USER_INPUT', 'title is bad', 'title'],
    [status.NOT_FOUND, 'NOT_FOUND', 'no such ticket', undefined],
    [status.ABORTED, 'CONFLICT', 'changed meanwhile', undefined],
    [status.PERMISSION_DENIED, 'FORBIDDEN', 'not yours', undefined],
    [status.UNAVAILABLE, 'UNAVAILABLE', 'The database is restarting.', undefined],
  ])(
    'that ends in gRPC status %i is %s with its words and its field',
    async (code, expected, words, field) => {
      const service = await aService();
      const client = clientOf(service.address);
      await linkState(client);
      service.failNext('UpdateTicket', code, words, field);
      await expect(client.update(1, { status: 'New' }, {})).rejects.toMatchObject({
        code: expected,
        message: words,
        field,
      });
    },
  );

  it('does not pass on the text of an INTERNAL', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linkState(client);
    service.failNext('DeleteTicket', status.INTERNAL, 'relation "tickets" does not exist');
    const error = await client.delete(1).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect((error as Error).message).not.toContain('relation');
  });

  it('that reads is asked once more when the service is unavailable, one that writes is not', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linkState(client);
    service.failNext('GetTicketList', status.UNAVAILABLE, 'restarting');
    await expect(client.list({})).resolves.toEqual([]);
    service.failNext('DeleteTicket', status.UNAVAILABLE, 'restarting');
    await expect(client.delete(1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(service.calls.filter(({ rpc }) => rpc === 'DeleteTicket')).toHaveLength(1);
  });

  it('that creates says for certain when nothing was sent', async () => {
    const service = await aService();
    await service.stop();
    const client = clientOf(service.address);
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { notSent: true },
    });
  });
});

describe('the link', () => {
  it('comes back by itself, as the same client, when the service does', async () => {
    const first = await aService();
    const client = clientOf(first.address);
    await linkState(client);
    await first.stop();
    await linkState(client, 'OFFLINE');
    expect(client.link().reason).toBe('The ticket service is not reachable: nothing answers at its address.');
    const lostAt = client.link().since;
    await aService({ address: first.address });
    await linkState(client);
    expect(client.link().since > lostAt).toBe(true);
    await expect(client.list({})).resolves.toEqual([]);
  });

  it('is in the log, with why it is not there', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const first = await aService();
    const client = clientOf(
      first.address,
      undefined,
      createLogger({ name: 'test', level: 'info', destination }),
    );
    await linkState(client);
    await first.stop();
    await linkState(client, 'OFFLINE');
    await aService({ address: first.address });
    await linkState(client);
    expect(lines).toEqual(
      ['linked to the ticket service', 'nothing answers at its address', 'linked to the ticket service'].map(
        (text) => expect.stringContaining(text),
      ),
    );
  });

  it('goes on where its watch ended', async () => {
    const first = await aService();
    const client = clientOf(first.address);
    await linkState(client);
    const told = nextEvent(client);
    first.tell({ kind: 'DELETED', id: 3, resumeToken: 'after 3' });
    await expect(told).resolves.toEqual({ kind: 'DELETED', id: 3, ticket: null });
    await first.stop();
    await linkState(client, 'CONNECTING');
    const second = await aService({ address: first.address });
    await linkState(client);
    const watches = second.calls.filter(({ rpc }) => rpc === 'WatchTickets');
    expect(watches[0]?.request).toEqual({ resumeToken: 'after 3' });
  });

  it('passes on that changes were missed', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linkState(client);
    const told = nextEvent(client);
    service.tell({ kind: 'RESET', resumeToken: 'new' });
    await expect(told).resolves.toEqual({ kind: 'RESET', id: null, ticket: null });
  });

  it('is lost when the service is connected but sends nothing for 12 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const service = await aService();
    const client = clientOf(service.address);
    await linkState(client);
    const reasons: (string | null)[] = [];
    client.onLink(({ reason }) => reasons.push(reason));
    await passSeconds(13);
    expect(reasons[0]).toContain('gone silent');
  });
});

it('an export of which nothing comes for a minute ends with that reason, though the link stands', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const service = await aService();
  const client = clientOf(service.address);
  await linkState(client);
  const request = { filter: {}, ids: [], except: [], withThreads: false, me: undefined, signal };
  const exporting = client.exportTickets(request)[Symbol.asyncIterator]().next();
  exporting.catch(() => undefined);
  await passSeconds(61, () => service.tell({ kind: 'HEARTBEAT', resumeToken: 'on' }));
  expect(client.link().state).toBe('CONNECTED');
  await expect(exporting).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('gone silent'),
  });
});

/** Little by little, so that the answers to gRPC's own keepalive arrive in between. */
async function passSeconds(count: number, each: () => void = () => {}): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    each();
    await vi.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  }
}

describe('told to try now, such as after sleep', () => {
  it('ends the pause before the next try', async () => {
    const first = await aService();
    const { address } = first;
    await first.stop();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = clientOf(address);
    // Refused, and from then on time stands still.
    await new Promise<void>((resolve) => {
      const stop = client.onLink(({ reason }) => {
        if (reason?.includes('nothing answers')) resolve(stop());
      });
    });
    await aService({ address });
    client.retryNow();
    await linkState(client);
  });

  it('gives up a session that does not answer any more, sooner than by its silence', async () => {
    const service = await aService();
    const relay = await startRelay({ to: service.address });
    onTestFinished(relay.close);
    const client = clientOf(relay.address);
    await linkState(client);
    await relay.cut('silent');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    client.retryNow();
    const lost = linkState(client, 'CONNECTING');
    await vi.advanceTimersByTimeAsync(2_500);
    await lost;
    // The next try, whose deadline is in that time too, would hold up the end.
    vi.useRealTimers();
    await relay.cut('drop');
  });

  it('keeps a session that answers', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linkState(client);
    const states: string[] = [];
    client.onLink(({ state }) => states.push(state));
    client.retryNow();
    await vi.waitFor(() => expect(service.calls.map(({ rpc }) => rpc)).toContain('HealthCheck'));
    await client.list({});
    expect(states).toEqual([]);
  });
});
