/** Whether the built-in parts serve, asked where they listen: a process may be there and be reached by nobody. */
import { connect, type NetConnectOpts } from 'node:net';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { pause } from '../pause.ts';

/**
 * Resolves with any answer; rejects when there is nobody to give one. One that hangs leaves it open.
 * @param signal lets go of it
 */
export type Ask = (signal: AbortSignal) => Promise<void>;

/** So often it is asked (ms), and this soon again after it did not answer. */
const everyMs = 5_000;
const againMs = 500;
/** How long it may think about its answer (ms): a busy machine is slow. */
const patienceMs = 5_000;
/** What so many tries in a row say. They are counted, as a clock may have gone on while the computer slept. */
const refusals = 2;
const silences = 4;

/** Resolves with why once it does not serve any more; with undefined on abort. */
export async function untilUnanswered(ask: Ask, signal: AbortSignal): Promise<string | undefined> {
  const inARow = { refused: 0, silent: 0 };
  let waitMs = everyMs;
  for (;;) {
    await pause(waitMs, signal);
    const answer = await askOnce(ask, signal);
    if (signal.aborted) return undefined;
    waitMs = againMs;
    if (answer === 'given') {
      Object.assign(inARow, { refused: 0, silent: 0 });
      waitMs = everyMs;
    } else inARow[answer] += 1;
    if (inARow.refused >= refusals) return 'nobody listens where it serves';
    if (inARow.silent >= silences) return 'it gives no answer';
  }
}

async function askOnce(ask: Ask, signal: AbortSignal): Promise<'given' | 'refused' | 'silent'> {
  const over = new AbortController();
  if (signal.aborted) return 'silent';
  const end = () => over.abort();
  signal.addEventListener('abort', end, { once: true });
  const asked = ask(over.signal).then(
    () => 'given' as const,
    () => 'refused' as const,
  );
  const late = pause(patienceMs, over.signal).then(() => 'silent' as const);
  const answer = await Promise.race([asked, late]);
  signal.removeEventListener('abort', end);
  over.abort();
  return answer;
}

/** SSLRequest of Postgres's protocol: its length and its number. A new process of Postgres's answers it with a letter. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export function askPostgres(endpoint: NetConnectOpts): Ask {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ ...endpoint, signal }, () => socket.write(sslRequest));
      socket.once('data', () => {
        resolve();
        socket.destroy();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('it hangs up')));
    });
}

const identity = (bytes: Buffer) => bytes;

/** gRPC's own health check. What it says is another's business: a database that is away is no fault of the service. */
export function askTicketService(address: string, apiToken: string): Ask {
  return (signal) =>
    new Promise((resolve, reject) => {
      const client = new Client(address, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
      });
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${apiToken}`);
      const cancel = () => call.cancel();
      const call = client.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        identity,
        identity,
        Buffer.alloc(0),
        metadata,
        (error) => {
          signal.removeEventListener('abort', cancel);
          client.close();
          if (error && (error.code === status.UNAVAILABLE || signal.aborted)) reject(error);
          else resolve();
        },
      );
      signal.addEventListener('abort', cancel, { once: true });
    });
}
