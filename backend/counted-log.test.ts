/** Whoever sends rubbish or breaks off in a loop, at whichever door, fills no log. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setupIpc } from '../electron/ipc/handle.ts';
import { countedLogger } from './counted-log.ts';
import { createLogger } from './logger.ts';
import { startHttp } from './proxy/http.ts';
import { linkState } from './proxy/testing/link-state.ts';
import { graphqlRequest, type ProxyOn, proxyOn } from './proxy/testing/real-proxy.ts';
import { type SmallService, startSmallService } from './proxy/testing/small-service.ts';
import { ApiTokens } from './secrets.ts';
import { toWireError } from './ticket-service/grpc/error-status.ts';

const times = 1_000;
const token = 'the-usual-token';
const lines: string[] = [];
const logger = createLogger({
  name: 'test',
  level: 'warn',
  destination: { write: (line) => void lines.push(line) },
});

let service: SmallService;
let desk: ProxyOn;
let http: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  service = await startSmallService({});
  desk = await proxyOn({ address: service.address, logger });
  await linkState(desk.client, 'CONNECTED');
  http = await startHttp({
    handle: desk.proxy.handle,
    host: '127.0.0.1',
    port: 0,
    tokens: new ApiTokens([token]),
    logger,
  });
});
afterAll(async () => {
  await http.stop();
  await desk.stop();
  await service.stop();
});

/** Writes this to the port, and is gone. */
async function breakOff(text: string): Promise<void> {
  const socket = connect(Number(new URL(http.url).port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write(text, () => socket.resetAndDestroy());
  await once(socket, 'close');
}
const post = (path: string, headers: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: ${new URL(http.url).host}\r\n${headers}\r\n${body}`;
const bearer = `authorization: Bearer ${token}\r\n`;
const json = 'content-type: application/json\r\n';
const upload = '/imports/6f0f8a52-0d5c-4b0e-9d1f-3a1d5b7c2e94?at=0';
const failing = new TypeError('not meant for the caller');

const doors: Record<string, () => unknown> = {
  'a request without a token': () => breakOff(post('/graphql', json, '')),
  'a request that breaks off': () =>
    breakOff(post('/graphql', `${bearer}${json}content-length: 100\r\n`, '{"query":')),
  'a request of unknown length that breaks off': () =>
    breakOff(post('/graphql', `${bearer}${json}transfer-encoding: chunked\r\n`, '5\r\n{"que')),
  'rubbish in place of HTTP': () => breakOff('\u0000rubbish\r\n\r\n'),
  'a piece of a file that breaks off': () =>
    breakOff(post(upload, `${bearer}content-type: application/octet-stream\r\ncontent-length: 100\r\n`, 'a')),
  'a subscription that is left': async () => {
    const answer = await desk.proxy.handle(
      graphqlRequest({ query: 'subscription { linkChanged { state } }' }),
    );
    await answer.body?.cancel();
  },
  'a body that fails': async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(failing) });
    await desk.proxy.handle(graphqlRequest('', { body, duplex: 'half' } as RequestInit));
  },
};

describe.each(Object.entries(doors))('%s', (_, loop) => {
  it('writes a line at most, whatever is repeated', async () => {
    lines.length = 0;
    for (let done = 0; done < times; done += 50) await Promise.all(Array.from({ length: 50 }, loop));
    expect(lines.length).toBeLessThanOrEqual(1);
  });
});

it('writes a line of RPCs that fail, and of messages of the window', async () => {
  lines.length = 0;
  const counted = countedLogger(logger);
  const handlers: Parameters<Parameters<typeof setupIpc>[0]['ipcMain']['handle']>[1][] = [];
  setupIpc({
    ipcMain: { handle: (_, handler) => void handlers.push(handler) },
    isOwnFrame: () => false,
    handlers: {} as never,
    logger,
  });
  for (let done = 0; done < times; done += 1) {
    toWireError(failing, 'GetTicketList', counted);
    await handlers[0]?.({} as never);
  }
  expect(lines).toHaveLength(2);
});
