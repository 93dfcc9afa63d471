/** What a seed is asked for. */
import { DeskError } from '../../errors.ts';

/** The same plan is the same rows. */
export interface SeedPlan {
  /** From 0 up to and without 2^32. */
  seed: number;
  tickets: number;
  /** No ticket is filed or changed after this. */
  until: Date;
}

/** Fixed, so that a seed makes the same rows on every day. */
const standard = { seed: '1', until: '2026-11-01' };
const mostTickets = 10_000_000;

/** @throws DeskError BAD_USER_INPUT: names the option and what it takes */
export function readPlan(given: {
  tickets?: string | undefined;
  seed?: string | undefined;
  until?: string | undefined;
}): SeedPlan {
  const { tickets = '', seed = standard.seed, until = standard.until } = given;
  const midnight = new Date(`${until}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== until)
    throw new DeskError('BAD_USER_INPUT', `--until takes a day as in ${standard.until}, not "${until}"`);
  return {
    tickets: wholeNumber('--tickets', tickets, { least: 1, most: mostTickets }),
    seed: wholeNumber('--seed', seed, { least: 0, most: 2 ** 32 - 1 }),
    until: midnight,
  };
}

function wholeNumber(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
  throw new DeskError(
    'BAD_USER_INPUT',
    `${option} takes a whole number from ${least} to ${most}, not "${text}"`,
  );
}
