/**
 * Where a build's packages look for updates, and the file there that names the newest ones: latest*.yml, one a system,
 * as electron-builder writes and electron-updater reads it.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { UpdateInfo } from 'electron-updater';
import { parse, stringify } from 'yaml';
import { Problem } from '../terminal.ts';
import type { System } from './stage.ts';

/** The variable that names the feed at build time. */
export const feedVariable = 'TICKET_DESK_UPDATE_FEED';

/**
 * The address of the folder that holds latest*.yml and the packages, with a slash at its end; null: a build without.
 * @param given what the variable holds; CI hands over an empty text for one that is not set
 * @throws Problem where nothing may be fetched from there. It does not repeat the address: that may hold a password.
 */
export function readFeedAddress(given: string | undefined): string | null {
  if (!given) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== 'https:' || url.username || url.password || url.search || url.hash) {
    throw new Problem(
      `${feedVariable} must be the https address of a folder, with no user, query or fragment in it, such as https://updates.example.org/ticket-desk/. Leave it out for packages that look for no updates.`,
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** The name that electron-updater asks for on a system. */
export function feedFileName({ platform, arch }: System): string {
  if (platform === 'win32') return 'latest.yml';
  if (platform === 'darwin') return 'latest-mac.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
}

export function isFeedFile(name: string): boolean {
  return /^latest[\w-]*\.yml$/.test(name);
}

const isPackage = (file: string): boolean => /\.(AppImage|deb|rpm|tar\.gz|exe|dmg|zip)$/.test(file);

/** What is written of it; electron-updater's older names for one file alone are read by nothing of ours. */
type FeedFile = Pick<UpdateInfo, 'version' | 'files' | 'releaseDate'>;

function readFeedFile(path: string): FeedFile {
  const { version, files, releaseDate }: FeedFile = parse(readFileSync(path, 'utf8'));
  return { version, files, releaseDate };
}

/** Texts in quotes: electron-updater's YAML would take the bare date for one. */
function asYaml(feed: FeedFile): string {
  return stringify(feed, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}

/** What electron-updater checks: sha512 in base64, and the length in bytes. */
async function measure(path: string): Promise<{ sha512: string; size: number }> {
  const hash = createHash('sha512');
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha512: hash.digest('base64'), size };
}

export interface FeedOptions {
  /** Where the file goes; it may be there already, as electron-builder has written it for this build. */
  folder: string;
  system: System;
  version: string;
  /** Paths of all that was made; the packages among them are named. */
  made: string[];
}

/**
 * Names every package in the feed: electron-builder does so only for those that replace themselves, and the desk shows
 * the address of each other one. What it says of a package beside that, such as the size of its block map, is kept.
 * @returns the path of the file
 */
export async function writeFeedFile({ folder, system, version, made }: FeedOptions): Promise<string> {
  const path = join(folder, feedFileName(system));
  const begun = existsSync(path) ? readFeedFile(path) : null;
  const files: FeedFile['files'] = [];
  for (const file of made.filter(isPackage)) {
    const url = basename(file);
    const known = begun?.files.find((one) => one.url === url);
    files.push({ ...known, url, ...(await measure(file)) });
  }
  const releaseDate = begun?.releaseDate ?? new Date().toISOString();
  writeFileSync(path, asYaml({ version, files, releaseDate }));
  return path;
}

/**
 * Puts what several builds made into one folder, where each has a subfolder of its own until then. Feeds of one name
 * become one: both kinds of Mac read the same, and each takes the file that is for it.
 * @returns the names of the feeds
 * @throws Problem, before anything is moved, where two builds made a file of the same name or differ in their version,
 * or a feed names what is not there
 */
export async function joinBuilds(folder: string): Promise<string[]> {
  const builds = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const feeds = new Map<string, FeedFile>();
  const others = new Map<string, string>();
  for (const build of builds.map(({ name }) => name).sort()) {
    for (const name of readdirSync(join(folder, build))) {
      const path = join(folder, build, name);
      if (isFeedFile(name)) feeds.set(name, joined(name, feeds.get(name), readFeedFile(path)));
      else if (others.has(name)) throw new Problem(`Two builds made a file of the name ${name}.`);
      else others.set(name, path);
    }
  }
  for (const [name, { files }] of feeds) {
    for (const file of files) await checkNamed(name, file, others.get(file.url));
  }
  for (const [name, path] of others) renameSync(path, join(folder, name));
  for (const [name, feed] of feeds) writeFileSync(join(folder, name), asYaml(feed));
  for (const { name } of builds) rmSync(join(folder, name), { recursive: true });
  return [...feeds.keys()];
}

function joined(name: string, one: FeedFile | undefined, other: FeedFile): FeedFile {
  if (!one) return other;
  if (one.version !== other.version) {
    throw new Problem(`${name} is of two versions, ${one.version} and ${other.version}. Build both anew.`);
  }
  return { ...one, files: [...one.files, ...other.files] };
}

async function checkNamed(feed: string, named: FeedFile['files'][number], path?: string): Promise<void> {
  if (path === undefined) throw new Problem(`${feed} names ${named.url}, which no build has made.`);
  if ((await measure(path)).sha512 !== named.sha512) {
    throw new Problem(`${feed} names ${named.url} with another sha512 than that file has. Build it anew.`);
  }
}
