/** As far as it is used here, of nsqjs 0.13.0; its index would bring an HTTP client that nobody needs. */
declare module 'nsqjs/lib/nsqdconnection.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { ConnectionConfigOptions } from 'nsqjs';

  type Transition = (data: unknown, enter: (data: unknown) => void) => void;

  export class NSQDConnection extends EventEmitter {
    constructor(host: string, port: number, topic: string, channel: string, options: ConnectionConfigOptions);
    conn: Socket | null;
    outWriter: Socket | null;
    readonly nsqdHost: string;
    readonly config: { authSecret: string | null; tls: boolean };
    readonly frameBuffer: { buffer?: Buffer };
    readonly statemachine: {
      goto(state: 'ERROR', error: Error): void;
      readonly identifyResponse: { auth_required?: boolean } | null;
      readonly transitions: Record<'*', Record<string, Transition>>;
    };
    /** As nsqd says after IDENTIFY (ms). */
    readonly msgTimeout: number;
    connect(): void;
    setRdy(count: number): void;
    clearIdentifyTimeout(): void;
    receiveData(data: Buffer): void;
    startTLS(): void;
    registerStreamListeners(socket: Socket): void;
  }

  export class WriterNSQDConnection extends NSQDConnection {
    constructor(host: string, port: number, options: ConnectionConfigOptions);
    /** The callback is always called: at nsqd's answer, or when the connection is broken. */
    produceMessages(
      topic: string,
      bodies: Buffer[],
      deferMs: undefined,
      callback: (error: Error | null) => void,
    ): void;
  }
}
