/** Each channel from the page to main: what arguments it takes, and what it answers. */
import { z } from 'zod';
import type { DeskBoot, DeskSettings } from '../../proto/desktop-bridge.ts';

/** Longer than any address that can be right, short enough to be no burden. */
const maxAddressCharacters = 2_000;

export const contract = {
  boot: z.tuple([]),
  saveSettings: z.tuple([z.strictObject({ ticketServiceAddress: z.string().max(maxAddressCharacters) })]),
  openExternal: z.tuple([z.string().max(maxAddressCharacters)]),
} satisfies Record<string, z.ZodTuple>;

export type Contract = typeof contract;

export interface Answers {
  boot: DeskBoot;
  saveSettings: DeskSettings;
  openExternal: null;
}

/** What main does for each channel. Throws DeskError to refuse. */
export type Handlers = {
  [Name in keyof Contract]: (...given: z.infer<Contract[Name]>) => Promise<Answers[Name]>;
};
