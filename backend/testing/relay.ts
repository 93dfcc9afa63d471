/** A TCP relay between two parts, by which a test breaks the link between them in both directions. */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findServicePort } from './service-ports.ts';

/**
 * `drop`: every connection is reset, and each new one as soon as it is made. `refuse`: the same, and nobody listens.
 * `silent`: connections stand and can be made, and nothing passes. `slow`: all passes, in small pieces, late.
 */
export type Fault = 'drop' | 'refuse' | 'silent' | 'slow';

export const faults = ['drop', 'refuse', 'silent', 'slow'] as const satisfies readonly Fault[];

export interface Relay {
  /** `host:port`, the same for its whole life. */
  readonly address: string;
  cut(fault: Fault): Promise<void>;
  /** Everything passes again; what waited in a silent link too, as after packets that were lost. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

const pieceBytes = 256;
const pieceDelayMs = 10;

/** @param options.to `host:port`, asked for and connected to anew for each connection, so that it may be down meanwhile */
export async function startRelay(options: { to: string | (() => string) }): Promise<Relay> {
  const { to } = options;
  const target = () => new URL(`tcp://${typeof to === 'string' ? to : to()}`);
  const port = await findServicePort();
  const pairs = new Set<Pair>();
  let fault: Fault | undefined;
  let server: Server | undefined;

  function accept(near: Socket): void {
    if (fault === 'drop') {
      near.on('error', () => {});
      return void near.resetAndDestroy();
    }
    const pair = new Pair(near, target);
    pairs.add(pair);
    near.once('close', () => pairs.delete(pair));
    pair.open(fault);
  }

  async function listen(): Promise<void> {
    if (server) return;
    server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    await once(server.listen(port, '127.0.0.1'), 'listening');
  }

  async function unlisten(): Promise<void> {
    const closing = server;
    server = undefined;
    for (const pair of pairs) pair.reset();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  }

  await listen();
  return {
    address: `127.0.0.1:${port}`,
    async cut(next) {
      fault = next;
      if (next === 'refuse') return await unlisten();
      await listen();
      for (const pair of pairs) {
        if (next === 'drop') pair.reset();
        else pair.open(next);
      }
    },
    async mend() {
      fault = undefined;
      await listen();
      for (const pair of pairs) pair.open(undefined);
    },
    close: unlisten,
  };
}

/** One connection and the one that it goes on by. */
class Pair {
  readonly #near: Socket;
  readonly #target: () => URL;
  #far: Socket | undefined;
  #fault: Fault | undefined;
  #tellOpen: () => void = () => {};

  constructor(near: Socket, target: () => URL) {
    this.#near = near;
    this.#target = target;
    near.on('error', () => this.reset());
  }

  /** How things pass from now on. A silent link goes on to nobody before it is mended. */
  open(fault: Fault | undefined): void {
    this.#fault = fault;
    if (fault === 'silent') return;
    this.#tellOpen();
    if (!this.#far && !this.#near.destroyed) this.#connect();
  }

  /** Ends both connections as a machine does that knows nothing of them any more: by RST. */
  reset(): void {
    this.#fault = undefined;
    this.#tellOpen();
    this.#near.resetAndDestroy();
    this.#far?.resetAndDestroy();
  }

  #connect(): void {
    const { hostname: host, port } = this.#target();
    const far = createConnection({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    this.#far = far;
    far.on('error', () => this.reset());
    far.once('connect', () => {
      void this.#pass(this.#near, far);
      void this.#pass(far, this.#near);
    });
  }

  async #pass(from: Socket, to: Socket): Promise<void> {
    try {
      // Without destroyOnReturn: the other direction may go on after this one has ended.
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        for (const piece of piecesOf(chunk, () => this.#fault === 'slow')) {
          if (this.#fault === 'slow') await delay(pieceDelayMs);
          await this.#opened();
          if (!to.write(piece)) await once(to, 'drain');
        }
      }
      await this.#opened();
      to.end();
    } catch {
      this.reset();
    }
  }

  async #opened(): Promise<void> {
    while (this.#fault === 'silent') {
      await new Promise<void>((resolve) => {
        // Both directions wait.
        const tellOther = this.#tellOpen;
        this.#tellOpen = () => {
          tellOther();
          resolve();
        };
      });
    }
  }
}

/** The whole chunk, or small pieces of it for as long as it is to be slow. */
function* piecesOf(chunk: Buffer, isSlow: () => boolean): Generator<Buffer> {
  for (let at = 0; at < chunk.length; ) {
    const end = isSlow() ? at + pieceBytes : chunk.length;
    yield chunk.subarray(at, end);
    at = end;
  }
}
