/** Requesters typed before, latest first, kept on this computer to be offered again. */

const storageKey = 'ticket-desk-requesters';
const maxRequesters = 200;

/** A convenience, never the only copy: storage that is full or refused is as good as an empty one. */
export function knownRequesters(): string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberRequester(name: string): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(withRequester(knownRequesters(), name)));
  } catch {
    // As above: filing goes on without it.
  }
}

/** The list with this name in front, once, whatever its case, and no longer than is useful. */
export function withRequester(names: readonly string[], name: string): string[] {
  const trimmed = name.trim();
  if (trimmed === '') return [...names];
  const others = names.filter((other) => other.toLowerCase() !== trimmed.toLowerCase());
  return [trimmed, ...others].slice(0, maxRequesters);
}
