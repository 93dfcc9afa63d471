/** An answer, which holds its share until it was taken: long ones go out in pieces, as fast as the reader reads. */
import type { Share } from '../../weight.ts';

/** What is shorter goes out at once, which costs less. */
const pieceCharacters = 64 * 1024;
/** Who takes nothing for so long is let go. */
const patienceMs = 30_000;

export function streamText(
  { text, ...init }: { text: string; status: number; headers: Record<string, string> },
  share: Share,
): Response {
  if (text.length > pieceCharacters) return new Response(piecesOf(text, share), withoutLength(init));
  share.release();
  return new Response(text, init);
}

function withoutLength<Init extends { headers: Record<string, string> }>(init: Init): Init {
  const { 'content-length': _, ...headers } = init.headers;
  return { ...init, headers };
}

function piecesOf(whole: string, share: Share): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let text = whole;
  let at = 0;
  let patience: NodeJS.Timeout | undefined;

  function end(): void {
    clearTimeout(patience);
    text = '';
    share.release();
  }

  function waitFor(controller: ReadableStreamDefaultController<Uint8Array>): void {
    patience = setTimeout(() => {
      end();
      controller.error(new Error('the reader took nothing of the answer'));
    }, patienceMs);
  }

  return new ReadableStream<Uint8Array>(
    {
      start: waitFor,
      pull(controller) {
        clearTimeout(patience);
        let to = Math.min(at + pieceCharacters, text.length);
        // Not between the halves of a character.
        if (to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1))) to -= 1;
        controller.enqueue(encoder.encode(text.slice(at, to)));
        at = to;
        if (at < text.length) return waitFor(controller);
        controller.close();
        end();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
