/**
 * One connection to one nsqd, by nsqjs; its own Writer and Reader are left aside. They never reconnect, lose count of
 * their connections when one of several cannot be made (readerrdy.js, removeConnection), and check every certificate
 * against `localhost`. What is underneath is used, and made safe here; hence the version of nsqjs is pinned.
 * The protocol: https://nsq.io/clients/tcp_protocol_spec.html
 */
import { readFile } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { ConnectionConfigOptions, Message } from 'nsqjs';
import { NSQDConnection, WriterNSQDConnection } from 'nsqjs/lib/nsqdconnection.js';
import type { NsqdAddress, NsqSecurity } from './nsq-options.ts';

/** From the first packet to the last answer before use: TLS and nsqd's own question to its auth server included. */
const openTimeoutMs = 3_000;
/** How long what is written may take to arrive when a connection is ended. */
const endTimeoutMs = 1_000;
/** How often nsqd is to send a heartbeat (s), and after how long a silence it counts as gone (s). */
const liveness = { heartbeatInterval: 5, idleTimeout: 15 };
/** The least that nsqd allows (ms): so long it may keep a message back to send several at once; 250 by default. */
const outputBufferTimeout = 25;
/**
 * What a service that died held comes to another after so long (ms): nsqd waits for the time-out even when the
 * connection is gone (nsqd 1.3, channel.go). By itself it would be 60 s. Well under the 5 s in which a create is to be
 * stored once a link is back.
 */
const messageTimeout = 3_000;
/** Said of one message; nsqd goes on with the connection (protocol, "FIN", "REQ", "TOUCH"). */
const isOfOneMessage = (error: Error) => /^E_(FIN|REQ|TOUCH)_FAILED\b/.test(error.message);

export interface ConnectionEvents {
  onOpen(): void;
  /** Once, whether it was open or never came to be. */
  onClosed(reason: Error): void;
}

export interface OpenConnection<Connection extends NSQDConnection> {
  readonly nsqd: Connection;
  /** Breaks it now; onClosed gets the reason. */
  fail(reason: Error): void;
  /** Ends it so that all that was written arrives. Resolves once it is closed. */
  end(): Promise<void>;
}

export type PublishConnection = OpenConnection<WriterNSQDConnection>;
export type SubscribeConnection = OpenConnection<NSQDConnection>;

/** @throws Error: a file of its TLS can't be read. */
export async function connectToPublish(
  address: NsqdAddress,
  security: NsqSecurity,
  events: ConnectionEvents,
): Promise<PublishConnection> {
  const { options, tls } = await readSecurity(security);
  return start(new WriterNSQDConnection(address.host, address.port, options), tls, events);
}

/**
 * It subscribes before onOpen, which makes topic and channel where they are not there; with RDY 0.
 * @throws Error: a file of its TLS can't be read.
 */
export async function connectToSubscribe(
  address: NsqdAddress,
  security: NsqSecurity & { topic: string; channel: string },
  events: ConnectionEvents & { onMessage(message: Message): void },
): Promise<SubscribeConnection> {
  const { options, tls } = await readSecurity(security);
  const { topic, channel } = security;
  const nsqd = new NSQDConnection(address.host, address.port, topic, channel, options);
  nsqd.on('message', events.onMessage);
  return start(nsqd, tls, events);
}

/** PEM. */
type TlsMaterial = { ca?: Buffer; cert?: Buffer; key?: Buffer };

/** Read for each connection, so that a renewed certificate is taken up without a restart. */
async function readSecurity(security: NsqSecurity) {
  const files = Object.entries(security.tls ?? {});
  const read = files.map(async ([name, file]: [string, string]) => [name, await readFile(file)] as const);
  const tls: TlsMaterial = Object.fromEntries(await Promise.all(read));
  const options: ConnectionConfigOptions = {
    ...liveness,
    outputBufferTimeout,
    messageTimeout,
    tls: security.tls !== undefined,
    ...(security.authSecret && { authSecret: security.authSecret }),
  };
  return { options, tls };
}

function start<Connection extends NSQDConnection>(
  nsqd: Connection,
  tls: TlsMaterial,
  events: ConnectionEvents,
): OpenConnection<Connection> {
  makeSafe(nsqd, tls);
  let reason = new Error('the connection was closed');
  let isClosed = false;
  // nsqjs has no socket before the next tick, and falls over it.
  const fail = (error: Error) => void setImmediate(() => nsqd.statemachine.goto('ERROR', error));
  const timer = setTimeout(() => fail(new Error('no answer in time')), openTimeoutMs);
  const closed = new Promise<void>((resolve) => {
    nsqd.once('closed', () => {
      isClosed = true;
      clearTimeout(timer);
      nsqd.clearIdentifyTimeout();
      resolve();
      events.onClosed(reason);
    });
  });
  nsqd.on('error', (error: Error) => {
    if (!isOfOneMessage(error)) reason = error;
  });
  // The same error once more, for Reader and Writer.
  nsqd.on('connection_error', () => {});
  nsqd.once('ready', () => {
    clearTimeout(timer);
    events.onOpen();
  });
  nsqd.connect();
  return {
    nsqd,
    fail,
    async end() {
      // nsqjs writes a FIN or REQ in the next tick.
      await new Promise((resolve) => setImmediate(resolve));
      if (isClosed) return;
      const giveUp = setTimeout(() => fail(new Error('it was ended')), endTimeoutMs);
      // nsqd reads all up to this end, then ends its side; destroying it here could take back what is on its way.
      nsqd.outWriter?.end();
      await closed;
      clearTimeout(giveUp);
    },
  };
}

function makeSafe(nsqd: NSQDConnection, tls: TlsMaterial): void {
  const receive = nsqd.receiveData.bind(nsqd);
  // It parses what it gets without care; thrown in a socket's event, that would end the process.
  nsqd.receiveData = (data) => {
    try {
      receive(data);
    } catch (thrown) {
      nsqd.statemachine.goto('ERROR', thrown as Error);
    }
  };
  nsqd.startTLS = () => startTls(nsqd, tls);
  // The way from IDENTIFY, or TLS, to all else: nothing secret has been written yet.
  nsqd.statemachine.transitions['*'].IDENTIFY_COMPRESSION_CHECK = (data, enter) => {
    // nsqjs goes on in clear where nsqd, or who stands between, does not offer TLS.
    if (nsqd.config.tls && !isProven(nsqd.outWriter)) throw new Error('E_NO_TLS it does not offer TLS');
    if (nsqd.statemachine.identifyResponse?.auth_required && !nsqd.config.authSecret) {
      throw new Error('E_AUTH_FIRST it wants a secret');
    }
    enter(data);
  };
}

function isProven(socket: Socket | null): boolean {
  return socket instanceof TLSSocket && socket.authorized;
}

/** As nsqjs's own, with the certificate checked against the host that was dialled. */
function startTls(nsqd: NSQDConnection, material: TlsMaterial): void {
  const socket = nsqd.conn as Socket;
  // In clear, after the answer that begins TLS: not nsqd's, which waits for the handshake.
  if (nsqd.frameBuffer.buffer) throw new Error('E_NO_TLS something was sent before TLS');
  for (const event of ['data', 'error', 'close', 'timeout']) socket.removeAllListeners(event);
  socket.on('error', () => {});
  const host = nsqd.nsqdHost;
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...material,
    rejectUnauthorized: true,
  });
  nsqd.conn = secured;
  nsqd.outWriter = secured;
  nsqd.registerStreamListeners(secured);
}
