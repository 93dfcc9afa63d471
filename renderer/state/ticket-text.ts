/** The typed part of a ticket and what makes it acceptable, checked before the service has to. */
import rules from '../../proto/ticket_rules.json' with { type: 'json' };
import { isVisible } from '../../proto/visible-text.ts';
import { countText } from './locale.ts';

export interface TicketText {
  title: string;
  description: string;
  /** The requester. */
  name: string;
}

export type TextField = keyof TicketText;

export const textFields = ['title', 'description', 'name'] as const satisfies readonly TextField[];

export const fieldLabels = {
  title: 'Title',
  description: 'Description',
  name: 'Requester',
  status: 'Status',
} as const;

/** Length in Unicode code points, which is what the limits count. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Characters left once they are few (a tenth of the limit, at least 20); negative when there are too many; null before. */
export function charactersLeft(field: TextField, text: string): number | null {
  const max = rules.maxCharacters[field];
  const near = Math.max(20, max / 10);
  // The cheap test first: UTF-16 units are never fewer than characters.
  if (text.length < max - near) return null;
  const left = max - countCharacters(text);
  return left <= near ? left : null;
}

/** "1 character", "1,200 characters". */
export function countNoun(count: number): string {
  return `${countText(count)} ${count === 1 ? 'character' : 'characters'}`;
}

/** What is wrong with one field, as a sentence that says how to mend it. */
export function textProblem(field: TextField, text: string): string | null {
  const label = fieldLabels[field];
  if (field !== 'description' && !isVisible(text)) {
    return field === 'title'
      ? 'Give the ticket a title.'
      : 'Say who asks: a name, a mail address or an extension.';
  }
  if (text.includes('\0')) return `${label} holds a NUL character, which can't be stored. Remove it.`;
  if (!text.isWellFormed())
    return `${label} holds half of a character. Delete the odd-looking one and type it again.`;
  const left = charactersLeft(field, text);
  if (left !== null && left < 0) {
    return `${label} is ${countNoun(-left)} too long; at most ${countText(rules.maxCharacters[field])} fit. Shorten it.`;
  }
  return null;
}

export type TextProblems = Partial<Record<TextField, string>>;

/** What is wrong, field by field; an empty object when nothing is. */
export function textProblems(text: TicketText): TextProblems {
  const problems: TextProblems = {};
  for (const field of textFields) {
    const problem = textProblem(field, text[field]);
    if (problem) problems[field] = problem;
  }
  return problems;
}

export function isTextField(field: string | undefined): field is TextField {
  return textFields.some((known) => known === field);
}

export function sameText(a: TicketText, b: TicketText): boolean {
  return textFields.every((field) => a[field] === b[field]);
}

export function isBlank(text: TicketText): boolean {
  return textFields.every((field) => text[field] === '');
}
