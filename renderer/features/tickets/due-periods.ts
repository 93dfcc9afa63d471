/** Until when a ticket is due, as a person filters by it above the list. */
import { nowMs } from '../../state/clock.ts';

/** Each ends at a moment of this computer's zone, fixed when it is chosen; `term` asks for it whenever it is read. */
export const periods = [
  { id: 'overdue', words: 'Overdue', term: '<0h', end: () => new Date(nowMs()) },
  { id: 'today', words: 'Due today', term: '<tomorrow', end: () => midnightIn(1) },
  { id: 'week', words: 'Due within 7 days', term: '<7d', end: () => midnightIn(8) },
];

/** What follows `due:` for the period that ends nearest to this moment. */
export function periodTerm(end: string): string {
  const away = (period: (typeof periods)[number]) => Math.abs(period.end().getTime() - Date.parse(end));
  return periods.reduce((nearest, period) => (away(period) < away(nearest) ? period : nearest)).term;
}

function midnightIn(days: number): Date {
  const end = new Date(nowMs());
  end.setDate(end.getDate() + days);
  end.setHours(0, 0, 0, 0);
  return end;
}
