/** What arguments each call from the page to main takes. */
import * as z from 'zod';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { maxTypedCharacters } from '../../proto/team-settings.ts';
import type { CallName } from './channels.ts';

const text = z.string().max(maxTypedCharacters);
/** A large screen full of rows is a quarter of it. */
const picturePart = z.string().max(2_000_000);

const settings = z.strictObject({
  profile: z.enum(['this-computer', 'docker', 'team']),
  team: z.strictObject({
    ticketServiceAddress: text,
    nsqdAddress: text,
    tls: z.boolean(),
    nsqdTls: z.boolean(),
    caFile: text,
    certFile: text,
    keyFile: text,
  }),
  token: text.nullable().optional(),
});

export const contract = {
  boot: z.tuple([]),
  problem: z.tuple([]),
  saveSettings: z.tuple([settings]),
  saveName: z.tuple([text]),
  checkService: z.tuple([settings]),
  checkQueue: z.tuple([settings]),
  chooseFile: z.tuple([]),
  saveExport: z.tuple([z.string().max(200)]),
  dockerStatus: z.tuple([]),
  startDocker: z.tuple([]),
  stopDocker: z.tuple([]),
  updateStatus: z.tuple([]),
  lookForUpdates: z.tuple([]),
  setUpdates: z.tuple([z.enum(['on', 'off'])]),
  backupStatus: z.tuple([]),
  makeBackup: z.tuple([]),
  restoreBackup: z.tuple([]),
  showBackups: z.tuple([]),
  moveStatus: z.tuple([]),
  startMove: z.tuple([]),
  pauseMove: z.tuple([]),
  openExternal: z.tuple([text]),
  habits: z.tuple([]),
  saveHabits: z.tuple([z.strictObject({ closeToTray: z.boolean(), openAtLogin: z.boolean() })]),
  networkChanged: z.tuple([]),
  keepTheme: z.tuple([z.enum(['system', 'light', 'dark'])]),
  keepList: z.tuple([z.strictObject({ html: picturePart, css: picturePart })]),
} satisfies Record<CallName, z.ZodTuple>;

export type Contract = typeof contract;

type Answer<Name extends CallName> = Extract<Awaited<ReturnType<DesktopBridge[Name]>>, { ok: true }>['value'];

/** What main does for each channel; what only does something answers null. Throws DeskError to refuse. */
export type Handlers = {
  [Name in CallName]: (
    ...given: z.infer<Contract[Name]>
  ) => Promise<Answer<Name> extends null ? void : Answer<Name>>;
};

/** Settings as they come from the page. */
export type WantedSettings = z.infer<typeof settings>;
