import { expect, it } from 'vitest';
import type { Agent } from '../../domain/agent.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { until } from '../../testing/desk-process.ts';
import type { Call } from './calls.ts';
import { sendCreate, sendCreatesTogether } from './send-creates.ts';

interface Called {
  titles: string[];
  agent: Agent | undefined;
  signal: AbortSignal | undefined;
  answer(): void;
  fail(thrown: Error): void;
}

const ada: Agent = { id: 'ada', name: 'Ada' };
const bo: Agent = { id: 'bo', name: 'Bo' };

/** A service that answers each call when it is told to: a ticket's number is what its title says, and no title is refused. */
function service() {
  const calls: Called[] = [];
  const call = ((_rpc, request, { agent, signal } = {}) =>
    new Promise((resolve, reject) => {
      const { tickets } = request as { tickets: { title: string }[] };
      const outcome = ({ title }: { title: string }) =>
        title === ''
          ? { id: 0, failure: { code: 'BAD_USER_INPUT', message: 'Title is empty.', field: 'title' } }
          : { id: Number(title) };
      calls.push({
        titles: tickets.map(({ title }) => title),
        agent,
        signal,
        answer: () => resolve({ outcomes: tickets.map(outcome) } as never),
        fail: reject,
      });
    })) as Call;
  return {
    calls,
    send: sendCreatesTogether(call),
    called: (count: number) => until(async () => calls.length === count),
  };
}

function sending(title: string, agent?: Agent) {
  const taken = new AbortController();
  const create: NewTicket = {
    title,
    description: '',
    name: 'Cy',
    requestId: `request-${title}`,
    createdAt: '2026-03-04T05:06:07Z',
    agent,
  };
  return { create, signal: taken.signal, takeBack: () => taken.abort(new Error('taken back')) };
}

it('sends what comes while a call is under way by the next one, and tells each what became of it', async () => {
  const { calls, send, called } = service();
  const first = send(sending('1'));
  await called(1);
  const others = ['2', '', '4'].map((title) => send(sending(title)));
  const told = Promise.allSettled(others);
  calls[0]?.answer();
  await called(2);
  calls[1]?.answer();
  expect(await first).toEqual({ id: 1 });
  const refused = { code: 'BAD_USER_INPUT', message: 'Title is empty.', field: 'title' };
  expect(await told).toMatchObject([{ value: { id: 2 } }, { reason: refused }, { value: { id: 4 } }]);
  expect(calls.map(({ titles }) => titles)).toEqual([['1'], ['2', '', '4']]);
});

it('tells who acts, by a call for each', async () => {
  const { calls, send, called } = service();
  const sent = [send(sending('1', ada)), send(sending('2', bo)), send(sending('3', ada))];
  await called(2);
  for (const { answer } of calls) answer();
  expect(await Promise.all(sent)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(calls.map(({ titles, agent }) => [agent?.id, titles])).toEqual([
    ['ada', ['1', '3']],
    ['bo', ['2']],
  ]);
});

it('fails all of a call that fails, and goes on with the next', async () => {
  const { calls, send, called } = service();
  const both = Promise.allSettled(['1', '2'].map((title) => send(sending(title))));
  await called(1);
  calls[0]?.fail(new Error('the link broke'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const third = send(sending('3'));
  await called(2);
  calls[1]?.answer();
  expect(await third).toEqual({ id: 3 });
});

it('does not send what is taken back while it waits for the next call', async () => {
  const { calls, send, called } = service();
  const first = send(sending('1'));
  await called(1);
  const waiting = [sending('2'), sending('3')] as const;
  const told = Promise.allSettled(waiting.map(send));
  waiting[0].takeBack();
  calls[0]?.answer();
  await called(2);
  calls[1]?.answer();
  await first;
  expect(await told).toMatchObject([{ reason: { message: 'taken back' } }, { value: { id: 3 } }]);
  expect(calls[1]?.titles).toEqual(['3']);
});

it('gives up the call once all of it is taken back, and not before', async () => {
  const { calls, send, called } = service();
  const both = [sending('1'), sending('2')] as const;
  const told = Promise.allSettled(both.map(send));
  await called(1);
  both[0].takeBack();
  expect(calls[0]?.signal?.aborted).toBe(false);
  both[1].takeBack();
  expect(calls[0]?.signal?.aborted).toBe(true);
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it.each([
  [{ success: false, id: 0 }, 'INTERNAL', 'is sent again, and holds up nothing else'],
  [{ success: true, id: 0 }, 'CONFLICT', 'comes back to its author, as it would be stored twice'],
])('what an older service answers with %o is %s: it %s', async (answer, code) => {
  const call = (async () => answer) as unknown as Call;
  await expect(sendCreate(call, sending('1'))).rejects.toMatchObject({ code });
});
