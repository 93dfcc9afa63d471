/**
 * What is wrong with the settings of a team's server, by their form alone: the page says it as they are typed,
 * main before it saves.
 */
import type { SettingsField, TeamSettings } from './desktop-bridge.ts';
import { addressProblem } from './service-address.ts';

const leastTokenCharacters = 16;
/** Longer than any address, path or token that can be right, short enough to be no burden. */
export const maxTypedCharacters = 2_000;

/** What is wrong with an API token, as the rest of a sentence about it; undefined when nothing is. */
export function tokenProblem(token: string): string | undefined {
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(token)) return 'may hold no spaces, commas or letters beyond ASCII';
  if (token.length < leastTokenCharacters) return `needs at least ${leastTokenCharacters} characters`;
  return undefined;
}

/** What is wrong with a token that was typed or pasted, as a sentence; null when nothing is. */
export function tokenSentence(token: string): string | null {
  const isTooLong = token.length > maxTypedCharacters;
  const problem = isTooLong ? `has more than ${maxTypedCharacters} characters` : tokenProblem(token);
  return problem === undefined ? null : `The token ${problem}.`;
}

export interface SettingsToJudge {
  /** The team's server is the one to be used: an address is needed. */
  isChosen: boolean;
  team: TeamSettings;
  /** As it was typed; null or undefined where none was. */
  token?: string | null | undefined;
}

/** By field, as sentences that say how to mend it; only the fields that are wrong. */
export function teamProblems({
  isChosen,
  team,
  token,
}: SettingsToJudge): Partial<Record<SettingsField, string>> {
  const { ticketServiceAddress, nsqdAddress } = team;
  const needsService = isChosen || ticketServiceAddress.trim() !== '';
  const hasCert = team.certFile.trim() !== '';
  const hasKey = team.keyFile.trim() !== '';
  const pair = 'A certificate and its key go together: choose both, or none.';
  const found: Partial<Record<SettingsField, string | null>> = {
    ticketServiceAddress: needsService ? addressProblem(ticketServiceAddress, 'ticket service') : null,
    nsqdAddress: nsqdAddress.trim() === '' ? null : addressProblem(nsqdAddress, 'NSQ'),
    certFile: hasKey && !hasCert ? pair : null,
    keyFile: hasCert && !hasKey ? pair : null,
    token: token ? tokenSentence(token) : null,
  };
  const wrong = Object.entries(found).filter(([, problem]) => problem !== null);
  return Object.fromEntries(wrong) as Partial<Record<SettingsField, string>>;
}
