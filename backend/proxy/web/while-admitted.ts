/** Ends a subscription whose token is withdrawn or expires while it is open. */
import type { ApiTokens } from '../../secrets.ts';

/** Answers the same response; its body ends as soon as the request would not be admitted any more. */
export function whileAdmitted(request: Request, response: Response, tokens: ApiTokens): Response {
  // Asked of the request: looking into a Response costs as much as a small answer.
  const mayStream = tokens.demanded && request.headers.get('accept')?.includes('multipart/');
  const isStream = mayStream && response.headers.get('content-type')?.startsWith('multipart/');
  if (!isStream || !response.body) return response;
  const reader = response.body.getReader();
  const stopListening = tokens.onRecheck(() => {
    if (tokens.admits(request.headers.get('authorization')).admitted) return;
    stopListening();
    // The read that waits is then done, and so is the answer.
    void reader.cancel();
  });
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        stopListening();
        controller.close();
      },
      cancel(reason) {
        stopListening();
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead of whoever reads this.
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, headers: response.headers });
}
