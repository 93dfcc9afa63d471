/**
 * The desk's own settings, in settings.json of the user's folder. A file with a wrong value is kept under a new name,
 * and what is right in it goes on; one that can't be read is set aside whole. Fields of a newer desk are kept when this
 * one writes.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { syncFolder } from '../backend/data-folder.ts';
import { DeskError } from '../backend/errors.ts';
import { writeWholeFile } from '../backend/whole-file.ts';
import { agentRule, textProblem } from '../proto/checks.ts';
import { addressProblem, type Server } from '../proto/service-address.ts';

const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});

/** Where the window was last, in screen coordinates. */
export type WindowPlace = z.infer<typeof placeSchema>;

const emptyOr = (server: Server) =>
  z.string().refine((address) => address === '' || addressProblem(address, server) === null);

const teamSchema = z.looseObject({
  ticketServiceAddress: emptyOr('ticket service').default(''),
  nsqdAddress: emptyOr('NSQ').default(''),
  tls: z.boolean().default(false),
  nsqdTls: z.boolean().default(false),
  caFile: z.string().default(''),
  certFile: z.string().default(''),
  keyFile: z.string().default(''),
});

const agentSchema = z.object({
  id: z.uuid(),
  name: z.string().refine((name) => textProblem(name, agentRule) === undefined),
  isConfirmed: z.boolean(),
});

const fieldsSchema = z.looseObject({
  profile: z.enum(['this-computer', 'docker', 'team']).default('this-computer'),
  team: teamSchema.default(() => teamSchema.parse({})),
  /** The token of the team's ticket service at this address, encrypted by the system's keychain, in base64. */
  token: z.object({ address: z.string(), encrypted: z.base64() }).optional(),
  /** By which what is kept of tickets is encrypted; itself encrypted by the system's keychain, in base64. */
  keptKey: z.base64().optional(),
  agent: agentSchema.optional(),
  updates: z.enum(['on', 'off']).default('on'),
  /** When updates were looked for last, in ISO 8601. */
  updatesLookedAt: z.string().optional(),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  window: placeSchema.optional(),
  /** The window's close button hides the desk in the tray. */
  closeToTray: z.boolean().default(false),
});
const settingsSchema = fieldsSchema.refine(
  ({ profile, team }) => profile !== 'team' || team.ticketServiceAddress !== '',
  { path: ['profile'] },
);

export type Settings = z.infer<typeof settingsSchema>;

export interface SettingsStore {
  readonly current: Settings;
  /** What the person should know about how the file was read; null when there is nothing to tell. */
  readonly notice: string | null;
  /**
   * Changes these fields in memory and on disk; resolves once they are on disk.
   * @throws DeskError UNAVAILABLE: the file can't be written. The settings then stay as they were.
   */
  update(fields: Partial<Settings>): Promise<void>;
  /** Resolves when no write is under way. */
  settled(): Promise<void>;
}

/**
 * Reads the file, or begins with the defaults where there is none. Never rejects.
 * @param options.isReadOnly a newer desk keeps its settings there: what can't be read stays as it is, and nothing is saved
 */
export async function openSettings(
  file: string,
  options: { isReadOnly?: boolean } = {},
): Promise<SettingsStore> {
  const { settings, notice, inTheWay } = await readSettings(file, options.isReadOnly ? leave : setAside);
  let current = settings;
  let lastWrite: Promise<void> = Promise.resolve();

  async function write(fields: Partial<Settings>): Promise<void> {
    const next = { ...current, ...fields };
    if (inTheWay) throw new DeskError('UNAVAILABLE', inTheWay);
    if (options.isReadOnly)
      throw new DeskError('UNAVAILABLE', 'A newer Ticket Desk wrote the settings: nothing is saved to them.');
    try {
      await writeAtomically(file, next);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new DeskError('UNAVAILABLE', `The settings could not be saved and stay as they were: ${why}.`, {
        cause: thrown,
      });
    }
    current = next;
  }

  return {
    get current() {
      return current;
    },
    notice,
    update(fields) {
      const written = lastWrite.then(() => write(fields));
      // One failed write must not fail the next; its own caller is told.
      lastWrite = written.catch(() => undefined);
      return written;
    },
    settled: () => lastWrite,
  };
}

interface ReadSettings {
  settings: Settings;
  notice: string | null;
  /** Set when an unreadable file could not even be moved away: it must not be overwritten. */
  inTheWay?: string;
}

/** @param good what is right in it; null: nothing can be told apart */
type WhenUnreadable = (file: string, why: string, good: Settings | null) => Promise<ReadSettings>;

async function readSettings(file: string, whenUnreadable: WhenUnreadable): Promise<ReadSettings> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return { settings: defaults(), notice: null };
    return whenUnreadable(file, 'could not be read', null);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return whenUnreadable(file, 'is not valid JSON', null);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return whenUnreadable(file, 'holds no settings', null);
  const { settings, wrong } = rightIn(carriedOver(json));
  if (wrong.length === 0) return { settings, notice: null };
  return whenUnreadable(file, `has a wrong value in ${wrong.join(', ')}`, settings);
}

/** What is right in it. A group goes as a whole: an address is nothing without the rest that says how it is reached. */
function rightIn(fields: object): { settings: Settings; wrong: string[] } {
  const parsed = settingsSchema.safeParse(fields);
  if (parsed.success) return { settings: parsed.data, wrong: [] };
  const paths = parsed.error.issues.map(({ path }) => path);
  const bad = new Set(paths.map(([field]) => field));
  const rest = rightIn(Object.fromEntries(Object.entries(fields).filter(([field]) => !bad.has(field))));
  return { settings: rest.settings, wrong: [...paths.map((path) => path.join('.')), ...rest.wrong] };
}

/** The first desks had one field for all of this: `built-in`, or the ticket service's host:port. */
function carriedOver(json: object): object {
  if (!('ticketServiceAddress' in json) || 'profile' in json) return json;
  const { ticketServiceAddress, ...rest } = json;
  if (ticketServiceAddress === 'built-in') return { ...rest, profile: 'this-computer' };
  return { ...rest, profile: 'team', team: { ticketServiceAddress } };
}

function defaults(): Settings {
  return settingsSchema.parse({});
}

async function leave(): Promise<ReadSettings> {
  return { settings: defaults(), notice: null };
}

async function setAside(file: string, why: string, good: Settings | null): Promise<ReadSettings> {
  let aside: string;
  try {
    aside = await newName(dirname(file));
    if (good) {
      await copyFile(file, aside);
      await writeAtomically(file, good);
    } else await rename(file, aside);
  } catch {
    const inTheWay = `The settings file ${file} ${why} and could not be moved away either. Move it by hand and start Ticket Desk again; until then the standard settings are in use and none can be saved.`;
    return { settings: defaults(), notice: inTheWay, inTheWay };
  }
  const use = good ? 'all others go on as they were' : 'the standard settings are in use';
  const notice = `The settings file ${why}. It was kept as ${aside}, and ${use}.`;
  return { settings: good ?? defaults(), notice };
}

/** Makes an empty file under a name that was free, so that what was set aside before is not overwritten. */
async function newName(folder: string): Promise<string> {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  for (let count = 1; ; count++) {
    const name = join(folder, `settings.unreadable-${time}${count === 1 ? '' : `-${count}`}.json`);
    try {
      await (await open(name, 'wx', 0o600)).close();
      return name;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
}

/** A crash at any moment leaves either the old file or the new one. */
async function writeAtomically(file: string, settings: Settings): Promise<void> {
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await mkdir(dirname(file), { recursive: true });
  await writeWholeFile(file, [text], { beside: `${file}.${randomBytes(6).toString('hex')}.tmp` });
  await syncFolder(dirname(file));
}
