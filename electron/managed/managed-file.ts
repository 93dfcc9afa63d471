/**
 * A managed installation: what the administrator has put into a JSON file in the system's own place. It goes before
 * the person's settings, and the environment goes before it. docs/install.md has the table of its keys.
 */
import { isAbsolute, posix, win32 } from 'node:path';
import type { Profile, TeamSettings, UpdatePolicy } from '../../proto/desktop-bridge.ts';
import { addressProblem } from '../../proto/service-address.ts';
import { JsonProblem, type PlacedEntry, readFlatObject } from './json-lines.ts';

/** What the file sets; each is locked in the settings. */
export interface ManagedFields extends Partial<TeamSettings> {
  profile?: Profile;
  updates?: UpdatePolicy;
}

export interface Managed {
  fields: ManagedFields;
  /** The file that they come from. */
  file: string;
  /** What is wrong in the file, by its line, and what to do; one sentence or two each. */
  notices: string[];
}

/** Where the file lies. @param programData %PROGRAMDATA%, on Windows */
export function managedFilePath(platform: NodeJS.Platform, programData: string | undefined): string {
  if (platform === 'win32') return win32.join(programData ?? 'C:\\ProgramData', 'Ticket Desk', 'config.json');
  if (platform === 'darwin') return '/Library/Application Support/Ticket Desk/config.json';
  return posix.join('/etc', 'ticket-desk', 'config.json');
}

type Key = keyof ManagedFields;

/** Answers what is wrong with a value, to be read after "key must be"; undefined where nothing is. */
type Rule = (value: unknown) => string | undefined;

const oneOf =
  (...words: string[]): Rule =>
  (value) =>
    words.some((word) => word === value)
      ? undefined
      : `must be ${words.map((word) => `"${word}"`).join(' or ')}`;
const yesOrNo: Rule = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false, without quotes';
const address =
  (server: 'ticket service' | 'NSQ'): Rule =>
  (value) =>
    typeof value === 'string' && addressProblem(value, server) === null
      ? undefined
      : `must be "host:port", the address of ${server === 'NSQ' ? 'nsqd' : `the ${server}`}`;
const path: Rule = (value) =>
  typeof value === 'string' && isAbsolute(value) ? undefined : 'must be the whole path of a file, in quotes';

const rules: Readonly<Record<Key, Rule>> = {
  profile: oneOf('this-computer', 'docker', 'team'),
  ticketServiceAddress: address('ticket service'),
  nsqdAddress: (value) => (value === '' ? undefined : address('NSQ')(value)),
  tls: yesOrNo,
  nsqdTls: yesOrNo,
  caFile: path,
  certFile: path,
  keyFile: path,
  updates: oneOf('on', 'off'),
};

/** What holds where a value can't be read: never less safe than what may have been meant. */
const careful: ManagedFields = { tls: true, nsqdTls: true, updates: 'off' };
const carefulWords: Partial<Record<Key, string>> = {
  tls: 'Until it is right, TLS is on.',
  nsqdTls: 'Until it is right, TLS is on.',
  updates: 'Until it is right, updates are off.',
};

/** Reads what stands in the file; takes what is right and names what is not. Never throws. */
export function readManaged(file: string, text: string): Managed {
  let entries: PlacedEntry[];
  try {
    entries = readFlatObject(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonProblem)) throw thrown;
    const { line, column, message } = thrown;
    return unusable(file, `is not valid JSON at line ${line}, column ${column}: ${message}`);
  }
  const managed: Managed = { fields: {}, file, notices: [] };
  for (const entry of entries) take(entry, managed);
  refuseHalves(entries, managed);
  return managed;
}

/** For a file that says nothing that can be used: the person's settings hold, without updates. */
export function unusable(file: string, why: string): Managed {
  const notice = `The organisation's configuration ${file} ${why}. Nothing in it is in use, and updates are off until it is mended; the settings hold meanwhile.`;
  return { fields: { updates: 'off' }, file, notices: [notice] };
}

function take({ key, value, line }: PlacedEntry, { fields, file, notices }: Managed): void {
  if (!isKey(key)) {
    const known = Object.keys(rules).join(', ');
    notices.push(
      `${file}, line ${line}: "${key}" means nothing to Ticket Desk and is ignored. Known are ${known}.`,
    );
    return;
  }
  const problem = rules[key](value);
  if (problem === undefined) {
    Object.assign(fields, { [key]: typeof value === 'string' ? value.trim() : value });
    return;
  }
  const meanwhile = carefulWords[key] ?? 'Until it is right, the settings hold for it.';
  notices.push(`${file}, line ${line}: "${key}" ${problem}. ${meanwhile}`);
  if (key in careful) Object.assign(fields, { [key]: careful[key] });
}

/** Two keys that say nothing without another. */
function refuseHalves(entries: PlacedEntry[], { fields, file, notices }: Managed): void {
  const lineOf = (key: Key) => entries.find((entry) => entry.key === key)?.line;
  if (fields.profile === 'team' && fields.ticketServiceAddress === undefined) {
    notices.push(
      `${file}, line ${lineOf('profile')}: "profile" is "team", which needs a right "ticketServiceAddress" beside it. Until then the settings hold.`,
    );
    delete fields.profile;
  }
  if ((fields.certFile === undefined) !== (fields.keyFile === undefined)) {
    const there = fields.certFile === undefined ? 'keyFile' : 'certFile';
    notices.push(
      `${file}, line ${lineOf(there)}: "certFile" and "keyFile" go together. Until both are there, the settings hold for them.`,
    );
    delete fields[there];
  }
}

function isKey(key: string): key is Key {
  return Object.hasOwn(rules, key);
}
