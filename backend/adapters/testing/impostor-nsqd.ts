/** A peer that speaks as nsqd does, as far as its test needs: https://nsq.io/clients/tcp_protocol_spec.html */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Impostor {
  /** `host:port` */
  readonly address: string;
  /** All that it was sent, on every connection. */
  sent(): string;
  stop(): void;
}

/** A response frame, or one of an error. */
export function frame(text: string, { isError = false } = {}): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt32BE(Buffer.byteLength(text) + 4);
  header.writeInt32BE(isError ? 1 : 0, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/**
 * Answers IDENTIFY with this, followed by `following`, and nothing else.
 * @param options.onPublish called for each packet with a PUB, to do what nsqd would not
 */
export async function startImpostor(options: {
  identify: object;
  following?: Buffer;
  onPublish?: (socket: Socket) => void;
}): Promise<Impostor> {
  const got: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      got.push(chunk);
      if (chunk.includes('IDENTIFY')) {
        socket.write(
          Buffer.concat([frame(JSON.stringify(options.identify)), options.following ?? Buffer.alloc(0)]),
        );
      }
      if (chunk.includes('PUB ')) options.onPublish?.(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(got).toString('latin1'),
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
