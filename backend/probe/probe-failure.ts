/** What a probe found wrong, as a code to tell it by and words for the person. */
import type { AddressCheck, CheckCode } from '../../proto/desktop-bridge.ts';

export class ProbeFailure extends Error {
  readonly code: CheckCode;

  constructor(code: CheckCode, text: string) {
    super(text);
    this.code = code;
  }
}

/** How long a probe may take in all. */
const patienceMs = 4_000;

export interface Patience {
  /** Aborts when nobody wants the answer any more. */
  signal: AbortSignal;
  /** For tests; the usual one when left out. */
  patienceMs?: number;
}

/**
 * Runs a probe for as long as patience lasts.
 * @returns what it found, or what went wrong; never rejects.
 */
export async function probed<Found extends AddressCheck>(
  place: { host: string; port: number },
  patience: Patience,
  probe: (signal: AbortSignal) => Promise<Found>,
): Promise<Found | AddressCheck> {
  const limitMs = patience.patienceMs ?? patienceMs;
  const timeout = AbortSignal.timeout(limitMs);
  try {
    return await probe(AbortSignal.any([patience.signal, timeout]));
  } catch (thrown) {
    if (patience.signal.aborted)
      return { tone: 'failure', code: 'superseded', text: 'The check was called off.' };
    // Whatever broke when time was up, that is why.
    const failure = timeout.aborted ? tooSlow(place, limitMs) : thrown;
    if (failure instanceof ProbeFailure)
      return { tone: 'failure', code: failure.code, text: failure.message };
    throw failure;
  }
}

function tooSlow({ host, port }: { host: string; port: number }, limitMs: number): ProbeFailure {
  return new ProbeFailure(
    'timeout',
    `${host} gives no answer on port ${port} within ${limitMs / 1_000} s. A firewall may be in the way, or the server hangs.`,
  );
}
