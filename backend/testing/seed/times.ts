/** When tickets are filed: over three years, more by day than by night and on weekends, and sometimes many at once. */
import type { Random } from '../random.ts';

const weeks = 156;
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

/** How many tickets come in each hour of a week from Monday on, to one another. */
const weights = Array.from({ length: 7 * 24 }, (_, hour) => {
  const [day, ofDay] = [Math.floor(hour / 24), hour % 24];
  const byHour = ofDay >= 8 && ofDay < 18 ? 12 : ofDay >= 6 && ofDay < 22 ? 3 : 1;
  return day < 5 ? byHour : byHour / 4;
});
const weightOfAll = weights.reduce((sum, weight) => sum + weight, 0);
/** The share of a week's tickets that came before each hour, and 1 behind the last. */
const before = [0];
for (const weight of weights) before.push((before.at(-1) as number) + weight / weightOfAll);

/**
 * Never earlier than those of the indexes before it.
 * @param ticket.burst the index of the first of many that come at once
 */
export function filedAt(
  plan: { tickets: number; until: Date },
  ticket: { index: number; random: Random; burst: number | undefined },
): Date {
  const { index, random, burst } = ticket;
  const place = (index + random.next()) / plan.tickets;
  const start = startOf(plan.until);
  if (burst === undefined) return new Date(start + within(place));
  const first = within((burst + 1) / plan.tickets);
  return new Date(
    start + Math.min(within(index / plan.tickets), first + (index - burst + random.next()) * 4_000),
  );
}

/** Milliseconds since the start when this share of all tickets has come. */
function within(share: number): number {
  const week = Math.floor(share * weeks);
  const ofWeek = share * weeks - week;
  const hour = Math.max(0, before.findIndex((part) => part > ofWeek) - 1);
  const ofHour =
    (ofWeek - (before[hour] as number)) / ((before[hour + 1] as number) - (before[hour] as number));
  return Math.floor(week * weekMs + (hour + ofHour) * hourMs);
}

/** A Monday at midnight (UTC), so that weeks are whole; up to a week of nothing may come before the end. */
function startOf(until: Date): number {
  const mondayMs = 4 * 24 * hourMs;
  return Math.floor((until.getTime() - mondayMs) / weekMs) * weekMs + mondayMs - weeks * weekMs;
}
