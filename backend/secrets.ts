/** Comparing and reading the secrets that guard the desk's ways in. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells nothing of where or in what length they differ. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Whether an `Authorization` header carries one of these tokens as a Bearer. */
export function bearsToken(authorization: string | null | undefined, tokens: readonly string[]): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return false;
  // Each is compared, so that the time does not tell which one it was.
  return tokens.map((token) => sameSecret(given, token)).includes(true);
}
