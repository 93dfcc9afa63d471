/** The feed that a build names: app-update.yml, which electron-builder writes beside the archive (`publish: generic`). */
import { readFile } from 'node:fs/promises';
import { isLoopback } from '../../backend/loopback.ts';

export interface Feed {
  /** The file that names it, for electron-updater. */
  configFile: string;
  /** The folder that holds latest*.yml and the packages; with a slash at its end. */
  url: string;
}

/** What the build says of a feed: where it is, or in words why there is none. */
export type FeedAnswer = { feed: Feed } | { problem: string };

/** What a feed offers. */
export interface Offer {
  version: string;
  /** Whether it is newer than this one; a version that is not is never taken. */
  isNewer: boolean;
  /** Whole addresses of its packages. */
  files: string[];
  /** Whether one of them is of the kind that replaces this app. */
  isOfOwnKind: boolean;
}

/** The address of the package of this kind; undefined where none is offered. */
export function packageOf({ files }: { files: string[] }, extension: string): string | undefined {
  return files.find((file) => new URL(file).pathname.endsWith(`.${extension}`));
}

const notConfigured = 'Updates are not configured in this build.';

/** @param configFile undefined: a build without one. Never rejects. */
export async function readFeed(configFile: string | undefined): Promise<FeedAnswer> {
  if (configFile === undefined) return { problem: notConfigured };
  let text: string;
  try {
    text = await readFile(configFile, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? notConfigured : `${notConfigured} (${configFile}: ${code})` };
  }
  const url = field(text, 'url');
  if (field(text, 'provider') !== 'generic' || url === undefined) return { problem: notConfigured };
  const problem = feedProblem(url);
  return problem ? { problem } : { feed: { configFile, url: url.endsWith('/') ? url : `${url}/` } };
}

/** Why nothing may be fetched from there; null where it may. */
function feedProblem(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'Updates are off: the address that this build names for them is none.';
  }
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return null;
  return 'Updates are off: the address that this build names for them is not https.';
}

/** Whether a request belongs to the feed: its origin, whatever a redirect or its latest*.yml says. */
export function isOfFeed(address: string, { url }: Pick<Feed, 'url'>): boolean {
  return URL.canParse(address) && new URL(address).origin === new URL(url).origin;
}

/** One `name: value` of a flat YAML file, which is all that electron-builder writes there. */
function field(text: string, name: string): string | undefined {
  const value = new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1]?.trim() || undefined;
  return value?.replace(/^(['"])(.*)\1$/, '$2');
}
