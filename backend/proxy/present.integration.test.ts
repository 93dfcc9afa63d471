/** Who looks at a ticket, from one desk to another through two ticket services of one database. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Relay, startRelay } from '../testing/relay.ts';
import { startTestService, type TestService } from '../ticket-service/testing/service.ts';
import { linkState } from './testing/link-state.ts';
import { readParts } from './testing/multipart-reader.ts';
import { graphqlRequest, type ProxyOn, proxyOn, type RealDesk, startRealDesk } from './testing/real-proxy.ts';

let desk: RealDesk;
let other: TestService;
let relay: Relay;
beforeAll(async () => {
  desk = await startRealDesk();
  other = await startTestService({ postgresUrl: desk.postgresUrl });
  relay = await startRelay({ to: other.address });
});
afterAll(async () => {
  await relay.close();
  await other.stop();
  await desk.stop();
});

async function open(name: string, address: string): Promise<ProxyOn> {
  const proxy = await proxyOn({ address, agent: { id: name.toLowerCase(), name } });
  onTestFinished(() => proxy.stop());
  await linkState(proxy.client);
  return proxy;
}
const report = (proxy: ProxyOn, input: object) =>
  proxy.ask('mutation($input: ReportPresence!) { reportPresence(input: $input) { success } }', { input });

/** Reads what one desk is told of who is where. */
async function follow(proxy: ProxyOn) {
  const query = 'subscription { presenceChanged { ticketId present { agent { name } isTyping } } }';
  const response = await proxy.proxy.handle(graphqlRequest({ query }));
  const parts = readParts(response);
  onTestFinished(() => parts.cancel());
  return async () => {
    const part = (await parts.next()) as { payload: { data: { presenceChanged: object } } };
    return part.payload.data.presenceChanged;
  };
}

it('tells the others by name, whichever service they are linked to, until the one has gone', async () => {
  const ada = await open('Ada', desk.service.address);
  const bo = await open('Bo', relay.address);
  const next = await follow(bo);
  const place = uuidv7();
  // A service that has just started may not hear of the others yet, so a page says it again and again.
  const saying = setInterval(() => void report(ada, { place, ticketId: 7 }), 100);
  onTestFinished(() => clearInterval(saying));
  const first = await next();
  clearInterval(saying);
  expect(first).toEqual({ ticketId: 7, present: [{ agent: { name: 'Ada' }, isTyping: false }] });
  await report(ada, { place, ticketId: 7, isTyping: true });
  expect(await next()).toMatchObject({ present: [{ isTyping: true }] });
  await report(ada, { place, ticketId: 8 });
  expect(await next()).toEqual({ ticketId: 7, present: [] });
  expect(await next()).toMatchObject({ ticketId: 8, present: [{ agent: { name: 'Ada' } }] });
  // Who comes later hears who is there.
  const cy = await open('Cy', desk.service.address);
  expect(await (await follow(cy))()).toMatchObject({ ticketId: 8, present: [{ agent: { name: 'Ada' } }] });
  await report(ada, { place, ticketId: null });
  expect(await next()).toEqual({ ticketId: 8, present: [] });
});

it('knows of nobody once the link is lost, and reports nothing without it', async () => {
  const ada = await open('Ada', desk.service.address);
  const bo = await open('Bo', relay.address);
  const next = await follow(bo);
  await report(ada, { place: uuidv7(), ticketId: 9 });
  expect(await next()).toMatchObject({ ticketId: 9 });
  await relay.cut('refuse');
  expect(await next()).toEqual({ ticketId: 9, present: [] });
  expect((await report(bo, { place: uuidv7(), ticketId: 9 })).data.reportPresence.success).toBe(false);
  await relay.mend();
});

it('names the field that is wrong', async () => {
  const ada = await open('Ada', desk.service.address);
  for (const [input, field] of [
    [{ place: 'here', ticketId: 1 }, 'place'],
    [{ place: uuidv7(), ticketId: 0 }, 'ticketId'],
  ] as const) {
    expect((await report(ada, input)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field } },
    ]);
  }
});
