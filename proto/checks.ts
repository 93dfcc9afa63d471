/**
 * What makes a value acceptable, decided here for the page, the proxy and the ticket service alike; in which words it is
 * refused is for each of them to say.
 */
import type { FieldValue, SetField, TextField } from './field-kinds.ts';
import { countTerms } from './search-language.ts';
import { type FieldName, fieldOf } from './ticket-fields.ts';
import { utcTime } from './utc-time.ts';
import { isVisible } from './visible-text.ts';

/** How much the lists of both contracts hold. */
export const limits = {
  /** The most tickets that GetTicketList answers. */
  maxListLength: 1_000,
  /** Tickets of a bulk change that are changed in one transaction: few enough that nobody waits for it, and that little is done again after a kill. */
  bulkChunkTickets: 25,
  /** The most tickets on one page, and the most values in one list of a filter. */
  maxPageSize: 200,
  /** The tickets on a page of a caller that names no number. */
  defaultPageSize: 50,
  /** How long a comment's author may edit or delete it, in minutes. */
  commentEditMinutes: 15,
  /** Up to which tickets are counted. */
  maxCount: 1_000,
  /** Counts of one request. */
  maxCounts: 50,
  /** Views of one agent, and views that are shared. */
  maxViews: 100,
  /** Columns of a view: more than there are, as an older service keeps those of newer pages. */
  maxColumns: 40,
  /** The most tickets that are written to in one transaction. */
  maxChunk: 500,
  /** The most tickets of one bulk change. */
  maxBulk: 100_000,
} as const;

export type TextRule = Pick<TextField, 'maxCharacters' | 'mayBeEmpty'>;

/** What is asked of a text to search for. */
export const searchRule: TextRule = { maxCharacters: 200, mayBeEmpty: true };

/** What is asked of a search in the language of the search box. */
export const queryRule: TextRule & { maxTerms: number } = {
  maxCharacters: 500,
  mayBeEmpty: true,
  maxTerms: 32,
};

/** What is asked of the text of a comment. */
export const commentRule: TextRule = { maxCharacters: 20_000, mayBeEmpty: false };

/** What is asked of the name of a view, without the blanks around it. */
export const viewNameRule: TextRule = { maxCharacters: 60, mayBeEmpty: false };

/** What is asked of the name of a column. */
export const columnRule: TextRule = { maxCharacters: 40, mayBeEmpty: false };

/** What may stand behind `g` to lead to a view. */
export const viewKeyPattern = /^[a-z0-9]$/;

/** What is asked of an agent's name and id. */
export const agentRule: TextRule = { maxCharacters: 100, mayBeEmpty: false };

export type ValueProblem =
  /** Neither NUL nor half a surrogate pair can be stored by Postgres. */
  | { kind: 'nul' | 'half-character' }
  /** Empty, or of characters alone that show nothing. */
  | { kind: 'unseen' }
  /** In Unicode code points. */
  | { kind: 'too-long'; max: number }
  | { kind: 'no-choice'; choices: readonly string[] }
  | { kind: 'too-many'; count: number; max: number }
  | { kind: 'no-time' };

/** @property text what is wrong, where it is a text: the value, or one entry of it. */
export type FieldProblem = ValueProblem & { text: string; isEntry?: boolean };

/** Length in Unicode code points, which is what the limits count. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Code points are at most as many as UTF-16 units and at least half as many, so that a huge text is never counted. */
function isTooLong(text: string, max: number): boolean {
  return text.length > max && (text.length > 2 * max || countCharacters(text) > max);
}

/** The first thing wrong with a text, if anything is. */
export function textProblem(text: string, rule: TextRule): ValueProblem | undefined {
  const { maxCharacters: max, mayBeEmpty } = rule;
  if (text.includes('\0')) return { kind: 'nul' };
  if (!text.isWellFormed()) return { kind: 'half-character' };
  if (!mayBeEmpty && !isVisible(text)) return { kind: 'unseen' };
  return isTooLong(text, max) ? { kind: 'too-long', max } : undefined;
}

/** What is wrong with a whole search, if anything is; what can't be read in it is told by parseQuery(). */
export function queryProblem(text: string): ValueProblem | undefined {
  const problem = textProblem(text, queryRule);
  if (problem) return problem;
  const [count, max] = [countTerms(text), queryRule.maxTerms];
  return count > max ? { kind: 'too-many', count, max } : undefined;
}

/** The first thing wrong with a value of a field in its one form, if anything is. */
export function valueProblem(name: FieldName, value: FieldValue): FieldProblem | undefined {
  const field = fieldOf(name);
  if (Array.isArray(value)) return field.kind === 'set' ? setProblem(value, field) : undefined;
  if (value === null) return undefined;
  const problem = oneProblem(field, value);
  return problem && { ...problem, text: value };
}

function oneProblem(field: ReturnType<typeof fieldOf>, value: string): ValueProblem | undefined {
  switch (field.kind) {
    case 'text':
      return textProblem(value, field);
    case 'choice':
      return field.choices.includes(value) ? undefined : { kind: 'no-choice', choices: field.choices };
    case 'person':
      return textProblem(value, agentRule);
    case 'time':
      return utcTime(value) === undefined ? { kind: 'no-time' } : undefined;
    case 'set':
      return undefined;
  }
}

function setProblem(entries: readonly string[], field: SetField): FieldProblem | undefined {
  const { maxEntries: max, maxCharacters } = field;
  if (entries.length > max) return { kind: 'too-many', count: entries.length, max, text: '' };
  for (const text of entries) {
    const problem = textProblem(text, { maxCharacters, mayBeEmpty: false });
    if (problem) return { ...problem, text, isEntry: true };
  }
  return undefined;
}
