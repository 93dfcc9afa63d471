/** Requesters typed before, latest first, kept on this computer to be offered again. */
import { wordBeginnings } from '../../proto/fold.ts';
import { remember, remembered } from './web-storage.ts';

const maxRequesters = 200;
/** More would be read, not recognised. */
const maxProposals = 8;

/** What can't be read is as good as nothing. */
export function knownRequesters(): string[] {
  try {
    const parsed: unknown = JSON.parse(remembered('requesters') ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberRequester(name: string): void {
  remember('requesters', JSON.stringify(withRequester(knownRequesters(), name)));
}

/** The next person in this browser is not offered them. */
export function forgetRequesters(): void {
  remember('requesters', '[]');
}

/** The list with this name in front, once, whatever its case, and no longer than is useful. */
export function withRequester(names: readonly string[], name: string): string[] {
  const trimmed = name.trim();
  if (trimmed === '') return [...names];
  const others = names.filter((other) => other.toLowerCase() !== trimmed.toLowerCase());
  return [trimmed, ...others].slice(0, maxRequesters);
}

/** Who may be meant by what is typed: those with a word that begins so, latest first; all of them before anything is typed. */
export function proposeRequesters(names: readonly string[], typed: string): string[] {
  const wanted = wordBeginnings(typed);
  return names
    .filter((name) => name !== typed && wordBeginnings(name).includes(wanted))
    .slice(0, maxProposals);
}
