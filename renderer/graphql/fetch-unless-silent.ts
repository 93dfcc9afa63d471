/**
 * A server that was stopped, or a network that carries nothing any more, takes requests and never answers, or not to the
 * end. What is sent through here fails then, so that the page can say so.
 */

/** The server says something on every stream each 5 s; of another answer all comes in one go. */
const silenceMs = 15_000;
/** Longer than any answer takes; for one, a file of tickets is read to its end. */
const patienceMs = 60_000;

export const fetchUnlessSilent: typeof fetch = async (input, init) => {
  const silent = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(new Error('The server is silent.')), ms);
  };
  const isStream = new Headers(init?.headers).get('accept')?.includes('subscriptionSpec');
  wait(isStream ? silenceMs : patienceMs);
  const signal = AbortSignal.any([silent.signal, ...(init?.signal ? [init.signal] : [])]);
  const answer = await fetch(input, { ...init, signal }).finally(() => clearTimeout(timer));
  if (!answer.body) return answer;
  wait(silenceMs);
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, passOn) {
      wait(silenceMs);
      passOn.enqueue(piece);
    },
    flush: () => clearTimeout(timer),
  });
  return new Response(answer.body.pipeThrough(heard), answer);
};
