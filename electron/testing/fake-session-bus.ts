/** A session bus of which a test decides whether somebody on it shows trays. It refuses all else: GTK would wait for ever. */
import { createServer, type Socket } from 'node:net';

export interface FakeSessionBus {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  address: string;
  showsTrays: boolean;
  close(): void;
}

/** @param path of a socket that is not there yet */
export async function startFakeSessionBus(
  path: string,
  options: { showsTrays: boolean },
): Promise<FakeSessionBus> {
  const sockets = new Set<Socket>();
  const bus: FakeSessionBus = {
    address: `unix:path=${path}`,
    showsTrays: options.showsTrays,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket, bus);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return bus;
}

function serve(socket: Socket, bus: FakeSessionBus): void {
  let received = Buffer.alloc(0);
  let isIn = false;
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    while (!isIn && received.includes('\r\n')) {
      const end = received.indexOf('\r\n');
      const line = received.toString('latin1', 0, end);
      received = received.subarray(end + 2);
      if (line.includes('AUTH')) socket.write('OK 00000000000000000000000000000000\r\n');
      else if (line === 'BEGIN') isIn = true;
      else socket.write('ERROR\r\n');
    }
    while (isIn && received.length >= 16) {
      const size = Math.ceil((16 + received.readUInt32LE(12)) / 8) * 8 + received.readUInt32LE(4);
      if (received.length < size) return;
      const header = received.toString('latin1', 16, size);
      const serial = received.readUInt32LE(8);
      received = received.subarray(size);
      if (header.includes('\0Hello\0'))
        socket.write(reply(serial, 's', Buffer.from('\x04\0\0\0:1.1\0', 'latin1')));
      else if (header.includes('\0NameHasOwner\0'))
        socket.write(reply(serial, 'b', Buffer.from([bus.showsTrays ? 1 : 0, 0, 0, 0])));
      else socket.write(refusal(serial));
    }
  });
}

/** A method's return: REPLY_SERIAL and SIGNATURE, then the body. */
function reply(serial: number, type: 's' | 'b', body: Buffer): Buffer {
  const head = answer(2, serial, Buffer.from(`\x08\x01g\0\x01${type}\0`, 'latin1'));
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** A refusal: REPLY_SERIAL and ERROR_NAME. */
function refusal(serial: number): Buffer {
  const name = 'org.freedesktop.DBus.Error.UnknownMethod';
  const length = Buffer.alloc(4);
  length.writeUInt32LE(name.length);
  return answer(
    3,
    serial,
    Buffer.concat([Buffer.from('\x04\x01s\0', 'latin1'), length, Buffer.from(`${name}\0`)]),
  );
}

/** Fixed part, REPLY_SERIAL and one more field, padded to 8. */
function answer(type: number, serial: number, field: Buffer): Buffer {
  const message = Buffer.alloc(24 + Math.ceil(field.length / 8) * 8);
  message.write('l', 'latin1');
  message.writeUInt8(type, 1);
  message.writeUInt8(1, 3);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(8 + field.length, 12);
  message.write('\x05\x01u\0', 16, 'latin1');
  message.writeUInt32LE(serial, 20);
  field.copy(message, 24);
  return message;
}
