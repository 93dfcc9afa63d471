/** A request id that comes again with another text: through GraphQL, the outbox, gRPC and SQL, over restarts. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { testFolder } from '../testing/test-folder.ts';
import { linkState } from './testing/link-state.ts';
import { type ProxyOn, proxyOn, type RealDesk, startRealDesk } from './testing/real-proxy.ts';
import { startSmallService } from './testing/small-service.ts';

let desk: RealDesk;
beforeAll(async () => {
  desk = await startRealDesk();
});
afterAll(() => desk.stop());

describe('another text under a requestId that a ticket has', () => {
  const createMutation =
    'mutation($input: NewTicket!) { createTicket(input: $input) { success requestId state id } }';
  const resultQuery =
    'query($requestId: ID!, $text: CreateText) { createResult(requestId: $requestId, text: $text) { success state id } }';
  const first = { title: 'Printer', description: 'Prints blank pages', name: 'Ada' };
  const second = { ...first, description: 'Prints blank pages, and it smells' };
  let own: ProxyOn;
  let dataDir: string;

  beforeEach(async () => {
    dataDir = testFolder();
    own = await proxyOn({ address: desk.service.address, dataDir });
    return async () => {
      await own.stop();
    };
  });

  const send = (requestId: string, text: object) =>
    own.ask(createMutation, { input: { ...text, requestId } });
  const result = (requestId: string, text?: object) => own.ask(resultQuery, { requestId, text });
  async function restart(): Promise<void> {
    await own.stop();
    own = await proxyOn({ address: desk.service.address, dataDir });
    await linkState(own.client, 'CONNECTED');
  }
  async function fileFirst(): Promise<{ requestId: string; id: number }> {
    const requestId = uuidv7();
    await send(requestId, first);
    await own.drained();
    return { requestId, id: (await result(requestId)).data.createResult.id };
  }
  /** Files the first text, restarts the desk so that it has forgotten that, and files the second. */
  async function fileBoth(): Promise<{ requestId: string; id: number }> {
    const filed = await fileFirst();
    await restart();
    const answer = await send(filed.requestId, second);
    expect(answer.data.createTicket).toMatchObject({ success: true, state: 'QUEUED' });
    await own.drained();
    return filed;
  }
  const outbox = async () => {
    const fields =
      'requestId title description name state lastError lastErrorField conflict { requestId ticketId }';
    return (await own.ask(`{ outbox { waiting failed entries { ${fields} } } }`)).data.outbox;
  };
  const stored = async (requestId: string) => {
    const { data } = await own.ask('{ tickets { id title description name requestId } }');
    return data.tickets.filter((ticket: { requestId: string }) => ticket.requestId === requestId);
  };
  const remove = (id: number) =>
    own.ask('mutation($id: Int!) { deleteTicket(input: { id: $id }) { success } }', { id });

  it('after a restart of the desk becomes a failed create that names the ticket, and is never dropped', async () => {
    const { requestId, id } = await fileBoth();
    const failed = {
      ...second,
      requestId: expect.not.stringContaining(requestId),
      state: 'FAILED',
      lastError: expect.stringContaining(`#${id}`),
      lastErrorField: null,
      conflict: { requestId, ticketId: id },
    };
    expect(await outbox()).toEqual({ waiting: 0, failed: 1, entries: [failed] });
    expect(await stored(requestId)).toEqual([{ ...first, id, requestId }]);
    await restart();
    expect(await outbox()).toEqual({ waiting: 0, failed: 1, entries: [failed] });
  });

  it('does so too when the ticket was deleted, and when it was edited to that very text', async () => {
    const { requestId, id } = await fileFirst();
    await own.ask('mutation($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
      input: { id, description: second.description },
    });
    await restart();
    await send(requestId, second);
    await own.drained();
    await remove(id);
    await restart();
    await send(requestId, { ...first, name: 'Bo' });
    await own.drained();
    const { entries } = await outbox();
    expect(entries.map(({ description, name }: typeof first) => [description, name])).toEqual([
      [second.description, 'Ada'],
      [first.description, 'Bo'],
    ]);
  });

  it('does so too when the change feed tells of that edit while it waits to be sent', async () => {
    const { requestId, id } = await fileFirst();
    await own.stop();
    let open = () => {};
    const sendAfter = new Promise<void>((resolve) => {
      open = resolve;
    });
    own = await proxyOn({ address: desk.service.address, dataDir, sendAfter });
    await linkState(own.client, 'CONNECTED');
    await send(requestId, second);
    const told = new Promise<void>((resolve) => {
      own.client.onTicket(({ ticket }) => {
        if (ticket?.description === second.description) resolve();
      });
    });
    await own.ask('mutation($input: UpdateTicket!) { updateTicket(input: $input) { success } }', {
      input: { id, description: second.description },
    });
    await told;
    expect(await outbox()).toMatchObject({ waiting: 1, entries: [{ requestId, ...second }] });
    open();
    await own.drained();
    expect(await outbox()).toMatchObject({ waiting: 0, failed: 1, entries: [second] });
  });

  it('is refused at once where the desk knows, and the first text is answered its number all along', async () => {
    const { requestId, id } = await fileBoth();
    const refused = await send(requestId, second);
    expect(refused.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', field: 'requestId', ticketId: id });
    const again = await send(requestId, first);
    expect(again.data.createTicket).toEqual({ success: true, requestId, state: 'STORED', id });
    await restart();
    expect((await send(requestId, first)).data.createTicket).toMatchObject({ success: true });
    await own.drained();
    expect(await outbox()).toMatchObject({ waiting: 0, failed: 1 });
    expect(await stored(requestId)).toHaveLength(1);
  });

  it('becomes a ticket of its own when its author edits it, or tries it again', async () => {
    const { requestId, id } = await fileBoth();
    const [failed] = (await outbox()).entries;
    const edited = await own.ask(
      'mutation($input: EditCreate!) { editCreate(input: $input) { state conflict { ticketId } } }',
      {
        input: { ...second, title: 'Another printer', requestId: failed.requestId },
      },
    );
    expect(edited.data.editCreate).toEqual({ state: 'QUEUED', conflict: null });
    await own.drained();
    expect(await outbox()).toEqual({ waiting: 0, failed: 0, entries: [] });
    expect(await stored(failed.requestId)).toMatchObject([{ ...second, title: 'Another printer' }]);
    expect(await stored(requestId)).toEqual([{ ...first, id, requestId }]);
  });

  it('can be asked about before it is filed, whatever became of the ticket since', async () => {
    const { requestId, id } = await fileFirst();
    expect((await result(uuidv7(), first)).data.createResult).toBeNull();
    const isKnown = async () => {
      const known = { data: { createResult: { success: true, state: 'STORED', id } } };
      expect(await result(requestId.toUpperCase())).toMatchObject(known);
      expect(await result(requestId, first)).toMatchObject(known);
      const other = await result(requestId, second);
      expect(other.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', field: 'requestId', ticketId: id });
    };
    await isKnown();
    await restart();
    await isKnown();
    await remove(id);
    await isKnown();
  });
});

describe('an older service that can not tell what a request was filed with', () => {
  it('is asked for the ticket, which tells as it stands', async () => {
    const service = await startSmallService({});
    const own = await proxyOn({ address: service.address });
    onTestFinished(async () => {
      await own.stop();
      await service.stop();
    });
    await linkState(own.client, 'CONNECTED');
    const text = { title: 'Printer', description: '', name: 'Ada' };
    const requestId = uuidv7();
    await own.client.createTicket(
      { ...text, requestId, createdAt: '2026-11-24T14:02:11.123456Z' },
      { signal: new AbortController().signal },
    );
    const ask = (given: object) =>
      own.ask('query($r: ID!, $t: CreateText) { createResult(requestId: $r, text: $t) { id } }', {
        r: requestId,
        t: given,
      });
    expect((await ask(text)).data.createResult).toEqual({ id: 1 });
    expect((await ask({ ...text, name: 'Bo' })).errors?.[0]?.extensions.code).toBe('CONFLICT');
  });
});
