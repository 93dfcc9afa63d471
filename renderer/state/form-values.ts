/** What is typed into a form of a ticket, and the words in which it is refused there. */
import { countCharacters, valueProblem } from '../../proto/checks.ts';
import type { FieldValue, TextField } from '../../proto/field-kinds.ts';
import {
  createFieldNames,
  type FieldName,
  type FiledValues,
  fieldNames,
  fieldOf,
  filedValues,
  sameValue,
  type TicketValues,
  ticketValues,
  type ValueOf,
} from '../../proto/ticket-fields.ts';
import { quoted, shownText } from '../../proto/visible-text.ts';
import type { EditDraft, VersionedValues } from './drafts.ts';
import { counted, countText } from './locale.ts';
import { exactTime } from './relative-time.ts';

/** Characters left once they are few (a tenth of the limit, at least 20); negative when there are too many; null before. */
export function charactersLeft(
  { maxCharacters: max }: Pick<TextField, 'maxCharacters'>,
  text: string,
): number | null {
  const near = Math.max(20, max / 10);
  // The cheap test first: UTF-16 units are never fewer than characters.
  if (text.length < max - near) return null;
  const left = max - countCharacters(text);
  return left <= near ? left : null;
}

/** What to write into a field that may not be empty, where more can be said than that it is. */
const unseenWords: { [F in FieldName]?: string } = {
  title: 'Give the ticket a title.',
  name: 'Say who asks: a name, a mail address or an extension.',
};

/** A value in words alone, as a screen reader says it; empty where it says nothing. @param nameOf an agent's, by the id */
export function wordsOf(name: FieldName, value: FieldValue, nameOf: (id: string) => string): string {
  if (Array.isArray(value)) return value.join(', ');
  if (value === null) return '';
  const { kind } = fieldOf(name);
  return kind === 'time' ? exactTime(value) : kind === 'person' ? nameOf(value) : value;
}

/** The same within a sentence: "Completed", "nobody", "none". */
export function toWords(name: FieldName, value: FieldValue, nameOf: (id: string) => string): string {
  const nothing = fieldOf(name).kind === 'person' ? 'nobody' : 'none';
  return shownText(wordsOf(name, value, nameOf)) || nothing;
}

/** What is wrong with one field, as a sentence that says how to mend it. */
function problemWords(name: FieldName, value: FieldValue): string | null {
  const problem = valueProblem(name, value);
  const { label: ofField } = fieldOf(name);
  const label = problem?.isEntry ? `${quoted(problem.text)} in ${ofField}` : ofField;
  switch (problem?.kind) {
    case undefined:
      return null;
    case 'nul':
      return `${label} holds a NUL character, which can't be stored. Remove it.`;
    case 'half-character':
      return `${label} holds half of a character. Delete the odd-looking one and type it again.`;
    case 'unseen':
      return unseenWords[name] ?? `${label} is empty. Give it some text.`;
    case 'too-long': {
      const over = counted(countCharacters(problem.text) - problem.max, 'character');
      return `${label} is ${over} too long; at most ${countText(problem.max)} fit. Shorten it.`;
    }
    case 'no-choice':
      return `${label} must be ${problem.choices.join(', ')}. Choose one of them.`;
    case 'too-many':
      return `${label}: ${countText(problem.count)}; at most ${problem.max} fit. Take some out.`;
    case 'no-time':
      return `${label} is no time from 1970 on. Choose day and time.`;
  }
}

export type FieldProblems = { [F in FieldName]?: string };

/** What is wrong in these fields; an empty object when nothing is. */
export function fieldProblems(names: readonly FieldName[], values: TicketValues): FieldProblems {
  const problems: FieldProblems = {};
  for (const name of names) {
    const problem = problemWords(name, values[name]);
    if (problem) problems[name] = problem;
  }
  return problems;
}

export function isOneOf<Name extends FieldName>(
  names: readonly Name[],
  field: string | null | undefined,
): field is Name {
  return names.some((name) => name === field);
}

/** What a ticket says. The type refuses an operation that has left a field unread, as that of `entryValues` does. */
export function valuesOf(ticket: { [F in FieldName]: ValueOf<F> | null }): TicketValues {
  return ticketValues(ticket);
}

/** What a create that waits will say. */
export function entryValues(entry: FiledValues): TicketValues {
  return ticketValues(entry);
}

export function areSame(
  names: readonly FieldName[],
  a: Partial<TicketValues>,
  b: Partial<TicketValues>,
): boolean {
  return names.every((name) => sameValue(a[name], b[name]));
}

/** The draft of a change after a keystroke; null once everything is again as it was. */
export function typedOver(
  draft: EditDraft | null,
  seen: VersionedValues,
  { name, value }: { name: FieldName; value: FieldValue },
): EditDraft | null {
  const begun = draft ?? { ...ticketValues(seen), base: seen };
  const next = { ...begun, [name]: value };
  return areSame(fieldNames, next, next.base) ? null : next;
}

/** What a ticket is filed with. Blanks around what stands on one line are never meant. */
export function valuesToFile(values: TicketValues): FiledValues {
  const trimmed = createFieldNames.map((name) => {
    const [field, value] = [fieldOf(name), values[name]];
    const isOneLine = field.kind === 'text' && field.lines === 'one';
    return [name, isOneLine && typeof value === 'string' ? value.trim() : value];
  });
  return filedValues(Object.fromEntries(trimmed));
}
