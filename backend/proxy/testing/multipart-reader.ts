/** Reads a multipart/mixed subscription part by part, as strictly as the protocol is written. */
export interface PartReader {
  /** The JSON of the next part that is no heartbeat; undefined after the end. */
  next(): Promise<object | undefined>;
  /** All text so far. */
  text(): string;
  cancel(): Promise<void>;
}

const opening = '\r\n--graphql';

export function readParts(response: Response): PartReader {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let at = 0;
  let ended = false;

  async function readMore(): Promise<boolean> {
    const { value, done } = await reader.read();
    if (value) text += decoder.decode(value, { stream: true });
    ended ||= done;
    return !done;
  }

  /** The part that begins at `at`, whole with the boundary behind it. */
  async function part(): Promise<string | undefined> {
    while (!text.startsWith(opening, at)) if (!(await readMore())) return undefined;
    const from = at + opening.length;
    for (;;) {
      if (text.startsWith('--', from)) return undefined;
      const end = text.indexOf(opening, from);
      if (end >= 0) {
        at = end;
        return text.slice(from, end);
      }
      if (ended || !(await readMore())) return undefined;
    }
  }

  return {
    async next() {
      for (let raw = await part(); raw !== undefined; raw = await part()) {
        const [head, body] = raw.split('\r\n\r\n');
        if (head?.trim().toLowerCase() !== 'content-type: application/json')
          throw new Error(`bad part: ${raw}`);
        const value = JSON.parse(body as string);
        if (Object.keys(value).length > 0) return value;
      }
      return undefined;
    },
    text: () => text,
    cancel: () => reader.cancel(),
  };
}
