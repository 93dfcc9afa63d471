/**
 * Whether this desktop shows trays at all. Windows and macOS do; on Linux a program of the desktop has to, and GNOME
 * has none of its own. Electron makes its tray without a word either way, so the session bus is asked.
 * Source: D-Bus Specification 0.43; freedesktop.org, StatusNotifierItem.
 */
import { connect, type Socket } from 'node:net';

/** So long the bus may take (ms); one that is slower counts as none. */
const patienceMs = 1_000;
const watcher = 'org.kde.StatusNotifierWatcher';

/** @param environment names the session bus. Never rejects. */
export async function showsTrays(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  const path = busPath(environment.DBUS_SESSION_BUS_ADDRESS);
  return path === undefined ? false : askBus(path).catch(() => false);
}

/** Where the bus listens: `unix:path=…` or `unix:abstract=…`, the first of a list. */
export function busPath(address = `unix:path=/run/user/${process.getuid?.() ?? 0}/bus`): string | undefined {
  for (const one of address.split(';')) {
    const [, kind, value] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one) ?? [];
    if (value) return `${kind === 'abstract' ? '\0' : ''}${decodeURIComponent(value)}`;
  }
  return undefined;
}

/** @throws when the bus can't be asked. */
function askBus(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('the session bus does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the session bus has closed the connection')));
    converse(socket, (hasOwner) => {
      resolve(hasOwner);
      socket.destroy();
    });
  });
}

/** Logs in, greets, and asks who watches. */
function converse(socket: Socket, answer: (hasOwner: boolean) => void): void {
  let received = Buffer.alloc(0);
  let isIn = false;
  let answers = 0;
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    if (!isIn) {
      const end = received.indexOf('\r\n');
      if (end < 0) return;
      if (received.toString('latin1', 0, 3) !== 'OK ') return void socket.destroy(new Error('refused'));
      received = received.subarray(end + 2);
      isIn = true;
      socket.write('BEGIN\r\n');
      socket.write(Buffer.concat([callOfBus(1, 'Hello'), callOfBus(2, 'NameHasOwner', watcher)]));
    }
    for (let size = sizeOf(received); size !== undefined; size = sizeOf(received)) {
      const message = received.subarray(0, size);
      received = received.subarray(size);
      // Beside the two answers there are signals.
      if (message[1] !== methodReturn && message[1] !== methodError) continue;
      answers += 1;
      if (answers === 2) answer(message[1] === methodReturn && message.readUInt32LE(size - 4) === 1);
    }
  });
}

const methodCall = 1;
const methodReturn = 2;
const methodError = 3;
const fixedBytes = 16;
const padded = (length: number, to: number) => Math.ceil(length / to) * to;

/** Bytes of the first whole message; undefined while it is not there. A bus on this computer speaks its byte order. */
function sizeOf(received: Buffer): number | undefined {
  if (received.length < fixedBytes) return undefined;
  const size = padded(fixedBytes + received.readUInt32LE(12), 8) + received.readUInt32LE(4);
  return received.length < size ? undefined : size;
}

/** A call of the bus itself, with one string or nothing. */
function callOfBus(serial: number, member: string, text?: string): Buffer {
  const fields = [
    field(1, 'o', string('/org/freedesktop/DBus')),
    field(2, 's', string('org.freedesktop.DBus')),
    field(3, 's', string(member)),
    field(6, 's', string('org.freedesktop.DBus')),
    ...(text === undefined ? [] : [field(8, 'g', Buffer.from('\x01s\0', 'latin1'))]),
  ];
  const listed = Buffer.concat(fields.map((one, index) => (index < fields.length - 1 ? pad(one, 8) : one)));
  const body = text === undefined ? Buffer.alloc(0) : string(text);
  const fixed = Buffer.alloc(fixedBytes);
  fixed.write('l', 'latin1');
  fixed.writeUInt8(methodCall, 1);
  fixed.writeUInt8(1, 3);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(serial, 8);
  fixed.writeUInt32LE(listed.length, 12);
  return Buffer.concat([pad(Buffer.concat([fixed, listed]), 8), body]);
}

const pad = (bytes: Buffer, to: number) =>
  Buffer.concat([bytes, Buffer.alloc(padded(bytes.length, to) - bytes.length)]);

function field(code: number, type: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, 1]), Buffer.from(`${type}\0`, 'latin1'), value]);
}

function string(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(`${text}\0`)]);
}
