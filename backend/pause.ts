/** Resolves after this long, or at once when the signal, if there is one, aborts. */
export function pause(pauseMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, pauseMs);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** Waits for it, but no longer than this. @returns undefined where it takes longer */
export async function atMost<Value>(ms: number, awaited: Promise<Value>): Promise<Value | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([awaited, pause(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}
