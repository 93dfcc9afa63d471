/** The relay breaks a link as it says, in both directions. */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Relay, startRelay } from './relay.ts';

let server: string;
let relay: Relay;

beforeEach(async (context) => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const address = echo.address();
  server = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  relay = await startRelay({ to: server });
  context.onTestFinished(async () => {
    await relay.close();
    await new Promise((resolve) => echo.close(resolve));
  });
});

function open(by = relay): Socket {
  const socket = createConnection({ port: Number(by.address.split(':')[1]), host: '127.0.0.1' });
  socket.setEncoding('utf8').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** What comes back until there is as much of it. */
async function receive(socket: Socket, characters: number): Promise<string> {
  let text = '';
  while (text.length < characters) text += (await once(socket, 'data'))[0];
  return text;
}

/** How the connection ends: an error's code. */
const failure = (socket: Socket) =>
  new Promise((resolve) => socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)));

const large = 'x'.repeat(1_000_000);

it('passes everything both ways, and each end as an end', async () => {
  const socket = open();
  socket.write(large);
  expect(await receive(socket, large.length)).toBe(large);
  socket.end('last');
  expect(await receive(socket, 4)).toBe('last');
  await once(socket, 'end');
});

it('drop resets what stands and what is made, until it is mended', async () => {
  const before = open();
  before.write('a');
  await receive(before, 1);
  const broken = failure(before);
  await relay.cut('drop');
  expect(await broken).toBe('ECONNRESET');
  expect(await failure(open())).toBe('ECONNRESET');
  await relay.mend();
  const after = open();
  after.write('b');
  expect(await receive(after, 1)).toBe('b');
});

it('refuse resets what stands, and nobody listens until it is mended', async () => {
  const before = open();
  before.write('a');
  await receive(before, 1);
  const broken = failure(before);
  await relay.cut('refuse');
  expect(await broken).toBe('ECONNRESET');
  expect(await failure(open())).toBe('ECONNREFUSED');
  await relay.mend();
  const after = open();
  after.write('b');
  expect(await receive(after, 1)).toBe('b');
});

it('silent passes nothing on old and new connections, and all of it once mended', async () => {
  const before = open();
  before.write('a');
  await receive(before, 1);
  await relay.cut('silent');
  const during = open();
  await once(during, 'connect');
  let received = '';
  for (const socket of [before, during]) {
    socket.on('data', (text) => {
      received += text;
    });
    socket.write('b');
  }
  // Bytes that go out later, by a relay that passes them, are back first.
  const other = await startRelay({ to: server });
  onTestFinished(() => other.close());
  const passing = open(other);
  passing.write('c');
  await receive(passing, 1);
  expect(received).toBe('');
  const both = Promise.all([receive(before, 1), receive(during, 1)]);
  await relay.mend();
  expect(await both).toEqual(['b', 'b']);
});

describe('slow', () => {
  it('passes all of it in order', async () => {
    await relay.cut('slow');
    const socket = open();
    const text = Array.from({ length: 400 }, (_, number) => `${number} `).join('');
    socket.write(text);
    expect(await receive(socket, text.length)).toBe(text);
  });

  it('passes the rest at once when it is mended', async () => {
    const socket = open();
    socket.write('a');
    await receive(socket, 1);
    await relay.cut('slow');
    socket.write(large);
    const all = receive(socket, large.length);
    await relay.mend();
    // A minute and a half at the slow pace.
    expect(await all).toBe(large);
  });
});
