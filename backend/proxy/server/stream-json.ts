/** An answer, which holds its share until it was taken: long ones are written in pieces, as fast as the reader reads. */
import type { Share } from '../../weight.ts';

/** What is shorter goes out at once, which costs less. */
const pieceCharacters = 256 * 1024;
/** Who takes nothing for so long is let go. */
const patienceMs = 30_000;

/** @param value plain JSON, of which nothing is a function or has a form of its own */
export function streamJson(value: unknown, init: ResponseInit, share: Share): Response {
  const parts = partsOf(value);
  const first = nextPiece(parts);
  if (!first.isLast) return new Response(piecesOf(first.text, parts, share), init);
  share.release();
  return new Response(first.text, init);
}

/** Each list that is in no other, item by item. */
function* partsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (const [at, item] of value.entries()) yield `${at > 0 ? ',' : ''}${JSON.stringify(item)}`;
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [key, each] of Object.entries(value)) {
      if (each === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* partsOf(each);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}

function nextPiece(parts: Generator<string>): { text: string; isLast: boolean } {
  let text = '';
  while (text.length < pieceCharacters) {
    const { value, done } = parts.next();
    if (done) return { text, isLast: true };
    text += value;
  }
  return { text, isLast: false };
}

function piecesOf(first: string, parts: Generator<string>, share: Share): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = { text: first, isLast: false };
  let patience: NodeJS.Timeout | undefined;

  function end(): void {
    clearTimeout(patience);
    parts.return(undefined);
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
        controller.enqueue(encoder.encode(piece.text));
        if (!piece.isLast) {
          piece = nextPiece(parts);
          return waitFor(controller);
        }
        controller.close();
        end();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
