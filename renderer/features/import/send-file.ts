/** Brings a file to the desk, piece by piece: neither end holds more of it than one. */
import { fetchUnlessSilent } from '../../graphql/fetch-unless-silent.ts';

/**
 * Of what a server in between takes at once that nobody has told otherwise, as nginx, a quarter: a slow line, too, has
 * carried one long before it counts as silent.
 */
const pieceBytes = 256 * 1024;

export interface Sending {
  id: string;
  /** What admits the requests. */
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onProgress(sentBytes: number): void;
}

/** @throws Error with words for the person, where the desk refuses; what fetch throws, where it is not reached */
export async function sendFile(file: Blob, { id, headers, signal, onProgress }: Sending): Promise<void> {
  for (let at = 0; at < file.size; ) {
    // As bytes: of a file the app's own scheme would hold all of it at once.
    const body = await file.slice(at, at + pieceBytes).arrayBuffer();
    const send = () =>
      fetchUnlessSilent(`/imports/${id}?at=${at}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        body,
        signal,
      });
    // A browser breaks off all requests when the computer's network changes; a piece that has come is not taken twice.
    const response = await send().catch((thrown) => (signal.aborted ? Promise.reject(thrown) : send()));
    const answer = (await response.json()) as { bytes?: number; errors?: { message: string }[] };
    if (answer.bytes === undefined) throw new SendingRefused(answer.errors?.[0]?.message);
    at = answer.bytes;
    onProgress(at);
  }
}

export class SendingRefused extends Error {}
