/** Sends a file that is to be imported, in pieces, as a client does. */
export async function sendFile(
  handle: (request: Request) => Promise<Response>,
  id: string,
  content: string | Buffer,
  pieceBytes = 1024 * 1024,
): Promise<number> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; ) {
    const request = new Request(`http://127.0.0.1/imports/${id}?at=${at}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes.subarray(at, at + pieceBytes),
    });
    const answer = await handle(request);
    if (answer.status !== 200) throw new Error(await answer.text());
    at = (await answer.json()).bytes;
  }
  return bytes.length;
}
