/**
 * Exports: files of tickets in the data folder, made one after the other. They are known as long as this process runs and
 * at most an hour after they ended; what an earlier one left is gone at the start.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { timestamp } from '../../../proto/utc-time.ts';
import { diskError, diskRemedy } from '../../disk-errors.ts';
import { DeskError, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { isSameSecret } from '../../secrets.ts';
import { writeWholeFile } from '../../whole-file.ts';
import type { Caller } from '../caller.ts';
import type { ExportRequest, TicketClient } from '../client/types.ts';
import { keptMs, maxWork, tooMuchWork, unknownWork } from '../work-list.ts';
import { type Format, textsOf } from './format.ts';

export interface NewExport {
  requestId: string;
  request: Omit<ExportRequest, 'signal'>;
  /** As it is named in the contract. */
  formatName: 'CSV' | 'JSON_LINES' | 'HTML';
  format: Format;
  /** Of all that was asked. */
  digest: string;
  /** Who asked, and alone may have the file, for as long as they may use the desk. */
  caller: Caller;
}

export interface Export extends Omit<NewExport, 'request'> {
  state: 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  createdAt: string;
  done: number;
  /** Null until it is known. */
  total: number | null;
  lastError: string | null;
  /** In the address, in the place of a token, which a browser sends with no download. */
  secret: string;
  cancelling: AbortController;
  /** Ends the watch over the token of whoever exported. */
  unwatch(): void;
  /** It is forgotten then; undefined until it is over. */
  timer: NodeJS.Timeout | undefined;
}

const isOf = (one: Export, { token }: Caller) => one.caller.token === token;
const isOver = ({ state }: Export) => state !== 'WAITING' && state !== 'RUNNING';

export class Exports {
  readonly #folder: string;
  readonly #client: Pick<TicketClient, 'exportTickets'>;
  readonly #logger: Logger;
  readonly #exports = new Map<string, Export>();
  readonly #warn = (err: unknown) => this.#logger.warn({ err }, 'old exports could not be removed');
  /** Those before, one after the other. */
  #running: Promise<void>;

  constructor(options: { folder: string; client: Pick<TicketClient, 'exportTickets'>; logger: Logger }) {
    this.#folder = options.folder;
    this.#client = options.client;
    this.#logger = options.logger;
    this.#running = this.#removeFiles();
  }

  /** Those of this caller, in the order in which they were asked for. */
  list(caller: Caller): Export[] {
    return [...this.#exports.values()].filter((one) => isOf(one, caller));
  }

  /**
   * Answers at once. The same request again is the same export.
   * @throws DeskError CONFLICT: the id is another export's, or too many others wait.
   */
  start({ request, ...asked }: NewExport): Export {
    const known = this.#exports.get(asked.requestId);
    if (known && (known.digest !== asked.digest || !isOf(known, asked.caller))) {
      const words = 'This requestId was used for another export. Give this one its own.';
      throw new DeskError('CONFLICT', words, { field: 'requestId' });
    }
    if (known) return known;
    this.#makeRoom();
    const made: Export = {
      ...asked,
      state: 'WAITING',
      createdAt: timestamp(),
      done: 0,
      total: null,
      lastError: null,
      secret: randomBytes(32).toString('base64url'),
      cancelling: new AbortController(),
      unwatch() {},
      timer: undefined,
    };
    this.#exports.set(made.requestId, made);
    this.#running = this.#running.then(() => this.#run(made, request));
    made.unwatch = asked.caller.onWithdrawn(() => void this.#end(made).catch(this.#warn));
    return made;
  }

  /** Leaves nothing of it, of one that is done neither. @throws DeskError NOT_FOUND: this caller has no such one. */
  async cancel(requestId: string, caller: Caller): Promise<Export> {
    const one = this.#exports.get(requestId);
    if (!one || !isOf(one, caller)) {
      throw new DeskError('NOT_FOUND', unknownWork('export', 'begun'), { field: 'requestId' });
    }
    await this.#end(one);
    return one;
  }

  /** Answers GET of the address of one that is done. @throws what the caller's check does */
  async answer(request: Request): Promise<Response> {
    const [, requestId = '', secret = ''] =
      /^\/exports\/([\w-]+)\/([\w-]+)$/.exec(new URL(request.url).pathname) ?? [];
    const one = this.#exports.get(requestId);
    if (one?.state !== 'DONE' || !isSameSecret(secret, one.secret) || request.method !== 'GET') {
      return new Response('There is no such export, or no more. Export again.', { status: 404 });
    }
    one.caller.check();
    const { size } = await stat(this.#fileOf(one));
    const file = createReadStream(this.#fileOf(one));
    const withdrawn = new DeskError('UNAUTHENTICATED', 'Whoever exported may use this desk no more.');
    file.once(
      'close',
      one.caller.onWithdrawn(() => file.destroy(withdrawn)),
    );
    return new Response(Readable.toWeb(file) as ReadableStream, {
      headers: {
        'content-type': one.format.mediaType,
        'content-length': String(size),
        'content-disposition': `attachment; filename="${fileName(one)}"`,
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  }

  /** Ends all of them and leaves nothing. */
  async clear(): Promise<void> {
    for (const one of this.#exports.values()) {
      if (!isOver(one)) one.state = 'CANCELLED';
      one.cancelling.abort();
      clearTimeout(one.timer);
      one.unwatch();
    }
    this.#exports.clear();
    await this.#running;
    await this.#removeFiles();
  }

  async #end(one: Export): Promise<void> {
    one.state = 'CANCELLED';
    one.cancelling.abort();
    await rm(this.#fileOf(one), { force: true });
  }

  async #run(one: Export, request: NewExport['request']): Promise<void> {
    if (one.state !== 'WAITING') return this.#forgetLater(one);
    one.state = 'RUNNING';
    const { signal } = one.cancelling;
    const blocks = this.#client.exportTickets({ ...request, signal });
    const texts = textsOf(one.format, blocks, ({ count, tickets }) => {
      one.total = count;
      one.done += tickets.length;
    });
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWholeFile(this.#fileOf(one), texts, { signal });
      if (signal.aborted) await rm(this.#fileOf(one), { force: true });
      else one.state = 'DONE';
    } catch (thrown) {
      if (!signal.aborted) this.#fail(one, thrown);
    }
    this.#forgetLater(one);
  }

  #fail(one: Export, thrown: unknown): void {
    const isOfDisk = !(thrown instanceof DeskError) && diskRemedy(thrown) !== undefined;
    const error = isOfDisk ? diskError(thrown, this.#folder) : toDeskError(thrown);
    if (error.code === 'INTERNAL') this.#logger.error({ err: thrown }, 'an export failed');
    one.state = 'FAILED';
    one.lastError = error.message;
  }

  #forgetLater(one: Export): void {
    if (this.#exports.get(one.requestId) !== one) return;
    one.timer = setTimeout(() => this.#forget(one), keptMs).unref();
  }

  #forget(one: Export): void {
    clearTimeout(one.timer);
    one.unwatch();
    this.#exports.delete(one.requestId);
    rm(this.#fileOf(one), { force: true }).catch(this.#warn);
  }

  /** @throws DeskError CONFLICT: all that are known wait. */
  #makeRoom(): void {
    if (this.#exports.size < maxWork) return;
    const oldest = [...this.#exports.values()].find(isOver);
    if (!oldest) {
      throw new DeskError('CONFLICT', tooMuchWork('export'), { field: 'requestId' });
    }
    this.#forget(oldest);
  }

  #fileOf({ requestId, format }: Export): string {
    return join(this.#folder, `${requestId}.${format.extension}`);
  }

  async #removeFiles(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true }).catch(this.#warn);
  }
}

/** As it is proposed to whoever saves it. */
export function fileName({ createdAt, format }: Pick<Export, 'createdAt' | 'format'>): string {
  const [date, time = ''] = createdAt.split('T');
  return `tickets-${date}-${time.slice(0, 5).replace(':', '')}.${format.extension}`;
}
