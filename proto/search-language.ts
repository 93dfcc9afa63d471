/**
 * The language of the search box, read by page, proxy and ticket service alike: blanks part terms that must all hold, `-`
 * before one negates it, quotes keep words together, and a comma parts values of which any will do.
 */
import { distinctNames, nameKey } from './agent-names.ts';
import type { ChoiceField, Field } from './field-kinds.ts';
import { fold, foldTags } from './fold.ts';
import { type Clock, dayNames, readTime } from './search-times.ts';
import { type Part, type Token, tokensOf } from './search-tokens.ts';
import { isUnspaced, searchWords } from './search-words.ts';
import {
  type ChoiceFieldName,
  type FieldName,
  fieldNames,
  fieldOf,
  maxInt32,
  type PersonFieldName,
  type TermTextFieldName,
  type TimeFieldName,
  ticketFields,
} from './ticket-fields.ts';
import { timestamp } from './utc-time.ts';
import { quoted } from './visible-text.ts';

/** What a text means to whoever searches. */
export interface SearchContext extends Clock {
  /** The id of whoever searches; null where nobody told. */
  me: string | null;
  /** Whom a ticket can be given to. */
  agents: readonly { id: string; name: string }[];
}

export interface SearchQuery {
  terms: readonly SearchTerm[];
  problems: readonly QueryProblem[];
  /** The same text would find other tickets later, though none has changed. */
  dependsOnTime: boolean;
}

/** What can't be read of a text, which is left out of the search. */
export interface QueryProblem {
  /** The place in the text as it was typed, in UTF-16 units; `to` is behind it. */
  from: number;
  to: number;
  /** What was expected. */
  message: string;
}

/** With `isNot` it holds for every ticket for which it would not hold without. */
export type SearchTerm = { isNot: boolean } & Condition;

type Condition =
  /** The folded beginning of a word. */
  | { kind: 'word'; word: string; in: SearchPlace }
  /** Whole folded words, one after the other; with `isPrefix` the last may go on. */
  | { kind: 'phrase'; words: readonly string[]; isPrefix: boolean; in: SearchPlace }
  | { kind: 'number'; id: number }
  /** A folded text, as it is, in one of the fields that are searched; a single word is found from its beginning on. */
  | { kind: 'text'; text: string; words: readonly string[] }
  /** Any of these. */
  | { kind: 'choice'; field: ChoiceFieldName; values: readonly string[] }
  /** Any of these, each in its one form. */
  | { kind: 'tag'; tags: readonly string[] }
  /** Any of these, or nobody. */
  | { kind: 'person'; field: PersonFieldName; ids: readonly string[]; nobody: boolean }
  /** From the one on and before the other, in the form of utcTime(); with `none` where there is no time instead. */
  | { kind: 'time'; field: SearchTimeName; from: string | null; until: string | null; none: boolean };

/** Everything that is searched, or one field alone. */
export type SearchPlace = 'all' | TermTextFieldName;
export type SearchTimeName = 'createdAt' | 'updatedAt' | TimeFieldName;

/** What was read of a token. */
interface Reading {
  conditions: readonly Condition[];
  problem?: QueryProblem;
  dependsOnTime?: boolean;
}

interface Term {
  read(token: Token, context: SearchContext): Reading;
  /** The values that there are, as they are typed; undefined where they are no closed list. */
  known(context: SearchContext): readonly string[];
}

/** Never throws, whatever the text is, as long as the time zone is one. */
export function parseQuery(text: string, context: SearchContext): SearchQuery {
  const tokens = tokensOf(text, isTerm);
  const readings = tokens.map((token) => ({ token, ...readToken(token, context) }));
  const asked = readings.flatMap(({ token: { isNot }, conditions }) =>
    conditions.map((condition) => ({ isNot, ...condition })),
  );
  const problems = readings.flatMap(({ problem }) => problem ?? []);
  const [first, last] = [tokens.at(0), tokens.at(-1)];
  // A dash between words is nothing to search for, and no problem either, unless there is nothing else.
  if (first && last && asked.length + problems.length === 0)
    problems.push({
      from: first.from,
      to: last.to,
      message: 'Nothing to search for: a letter or digit was expected.',
    });
  return {
    terms: asked,
    problems,
    dependsOnTime: readings.some(({ dependsOnTime = false }) => dependsOnTime),
  };
}

/** What asks for a text as it is, no sign in it a term. Its first word may be the end of one, its last the beginning. */
export function containing(text: string): SearchTerm {
  const words = searchWords(text);
  const mayBeEnd = words.length > 1 && fold(text).startsWith(words[0] ?? '');
  return { kind: 'text', text: fold(text), words: mayBeEnd ? words.slice(1) : words, isNot: false };
}

/** How many terms a text has. */
export function countTerms(text: string): number {
  return tokensOf(text, isTerm).length;
}

/** Whether a colon behind this word makes it a term. */
export function isTerm(word: string): boolean {
  return terms.has(word);
}

/** The words that can stand before a colon. */
export function termNames(): string[] {
  return [...terms.keys()];
}

/** The values that are known to follow such a word, as they are typed. */
export function knownValues(term: string, context: SearchContext): readonly string[] {
  return terms.get(term)?.known(context) ?? [];
}

function readToken(token: Token, context: SearchContext): Reading {
  const term = terms.get(token.term ?? '');
  if (!term) return { conditions: token.parts.flatMap((part) => numberOf(part) ?? wordsOf(part, 'all')) };
  if (token.parts.some(({ text }) => text.trim() !== '')) return term.read(token, context);
  return {
    conditions: [],
    problem: problemAt(token, `A value was expected after “${token.term}:”`, term, context),
  };
}

function numberOf({ text, isQuoted }: Part): Condition | undefined {
  const id = Number(/^#(\d{1,10})$/.exec(text)?.[1]);
  return !isQuoted && id > 0 && id <= maxInt32 ? { kind: 'number', id } : undefined;
}

/** Nothing where there are no words in it. What is typed without quotes may go on, and what is written without blanks. */
function wordsOf({ text, isQuoted, isOpen }: Part, place: SearchPlace): Condition[] {
  const words = searchWords(text);
  const [first, last] = [words[0], words.at(-1) ?? ''];
  const isPrefix = !isQuoted || isOpen || isUnspaced(last);
  if (first === undefined) return [];
  if (words.length === 1 && isPrefix) return [{ kind: 'word', word: first, in: place }];
  return [{ kind: 'phrase', words, isPrefix, in: place }];
}

/** The most values that a problem lists. */
const maxListed = 20;

function problemAt(
  { from, to }: { from: number; to: number },
  what: string,
  { known }: Pick<Term, 'known'>,
  context: SearchContext,
) {
  const values = known(context);
  const listed = values.slice(0, maxListed).join(', ');
  const rest = values.length > maxListed ? ` and ${values.length - maxListed} more` : '';
  return { from, to, message: listed === '' ? `${what}.` : `${what}: ${listed}${rest}.` };
}

/** One of a closed list of values, and what it asks for. */
interface Value<Asked> {
  /** As it is typed; the others mean the same. */
  names: readonly [string, ...string[]];
  /** The names as they are compared. */
  keys: readonly string[];
  asked: Asked;
  /** Why nothing has it now; it is not proposed then. */
  problem?: string;
}

function named<Asked>(names: Value<Asked>['names'], asked: Asked): Value<Asked> {
  return { names, keys: names.map(nameKey), asked };
}

/** A term of a closed list. A value is typed whole, or so much of its beginning that no other is meant. */
function listTerm<Asked>(
  valuesOf: (context: SearchContext) => readonly Value<Asked>[],
  conditionsOf: (asked: readonly [Asked, ...Asked[]], context: SearchContext) => Omit<Reading, 'problem'>,
): Term {
  const known: Term['known'] = (context) =>
    valuesOf(context).flatMap(({ names: [name], problem }) => (problem === undefined ? name : []));
  return {
    known,
    read({ parts }, context) {
      const values = valuesOf(context);
      let problem: QueryProblem | undefined;
      const asked = parts.flatMap((part) => {
        const wanted = nameKey(part.text);
        const whole = values.filter(({ keys }) => keys.includes(wanted));
        const begun = values.filter(
          ({ keys }) => wanted !== '' && keys.some((key) => key.startsWith(wanted)),
        );
        const found = whole.length > 0 ? whole : begun;
        if (found === whole || found.length === 1) {
          const why = found.find((value) => value.problem !== undefined)?.problem;
          if (why !== undefined) problem ??= problemAt(part, why, this, context);
          return found.map((value) => value.asked);
        }
        const what = `${quoted(part.text)} ${begun.length > 0 ? 'may be one of several' : 'is not known; expected'}`;
        const listed = begun.length > 0 ? begun.map(({ names: [name] }) => name) : known(context);
        problem ??= problemAt(part, what, { ...this, known: () => listed }, context);
        return [];
      });
      const [first, ...others] = asked;
      const reading = first === undefined ? { conditions: [] } : conditionsOf([first, ...others], context);
      return problem ? { ...reading, problem } : reading;
    },
  };
}

function choiceTerm(field: ChoiceFieldName, { choices, closed }: ChoiceField): Term {
  const values = choices.map((choice) =>
    named<readonly string[]>([choice.toLowerCase().replaceAll(' ', '-')], [choice]),
  );
  if (closed !== undefined)
    values.push(
      named(
        ['open'],
        choices.filter((choice) => choice !== closed),
      ),
    );
  return listTerm(
    () => values,
    (asked) => ({ conditions: [{ kind: 'choice', field, values: [...new Set(asked.flat())] }] }),
  );
}

/** Nobody has this id. */
const unknownMe: Value<string> = {
  ...named(['me'], ''),
  problem: '“me” is nobody as long as it is not told who works here; expected',
};

/** Whoever is called so is not meant by it. */
const personWords: ReadonlySet<string> = new Set(['me', 'none']);

/** Made once of a list of agents: a query may have many terms that each name one of them. */
const agentValues = new WeakMap<SearchContext['agents'], readonly Value<string>[]>();

function valuesOfAgents(agents: SearchContext['agents']): readonly Value<string>[] {
  const made = agentValues.get(agents);
  if (made) return made;
  const distinct = distinctNames(agents);
  const values = agents.flatMap(({ id, name }, at) => {
    const words = [distinct[at] ?? name, name, id];
    const [first, ...others] = words.filter((word) => !personWords.has(nameKey(word)));
    return first === undefined ? [] : named([first, ...others], id);
  });
  agentValues.set(agents, values);
  return values;
}

function personTerm(field: PersonFieldName): Term {
  return listTerm<string | null>(
    ({ me, agents }) => [
      me === null ? unknownMe : named(['me'], me),
      named(['none'], null),
      ...valuesOfAgents(agents),
    ],
    (asked) => {
      const ids = [...new Set(asked.flatMap((id) => id || []))];
      return { conditions: [{ kind: 'person', field, ids, nobody: asked.includes(null) }] };
    },
  );
}

const tagTerm: Term = {
  known: () => [],
  read: ({ parts }) => {
    const tags = parts.flatMap(({ text }) => foldTags(text)).filter((tag) => tag !== '');
    return { conditions: tags.length > 0 ? [{ kind: 'tag', tags: [...new Set(tags)] }] : [] };
  },
};

/** A term that takes no list of values. */
function oneValue(
  known: Term['known'],
  read: (part: Part, token: Token, context: SearchContext) => Reading | string,
): Term {
  return {
    known,
    read(token, context) {
      const [part, another] = token.parts;
      const reading = part && !another ? read(part, token, context) : 'One value alone was expected';
      if (typeof reading !== 'string') return reading;
      const place = { from: part?.from ?? token.from, to: token.to };
      return { conditions: [], problem: problemAt(place, reading, this, context) };
    },
  };
}

function textTerm(field: TermTextFieldName): Term {
  return oneValue(
    () => [],
    (part) => ({ conditions: wordsOf(part, field) }),
  );
}

/** @param mayBeNone the time may be missing, and is one of the future */
function timeTerm(field: SearchTimeName, mayBeNone: boolean): Term {
  const known = [...dayNames, ...(mayBeNone ? ['none'] : []), '<7d', '>7d'];
  return oneValue(
    () => known,
    ({ text }, _, context) => {
      if (mayBeNone && text.toLowerCase() === 'none')
        return { conditions: [{ kind: 'time', field, from: null, until: null, none: true }] };
      const span = readTime(text, context, mayBeNone);
      if (!span)
        return `${quoted(text)} is no time; expected a day as 2026-11-01, days as 2026-11-01..2026-11-07, or one of`;
      const { from, until, dependsOnTime } = span;
      return { conditions: [{ kind: 'time', field, from, until, none: false }], dependsOnTime };
    },
  );
}

const { status } = ticketFields;
const isOpen: Condition = {
  kind: 'choice',
  field: 'status',
  values: status.choices.filter((choice) => choice !== status.closed),
};
const states: Record<string, (now: Date) => Condition[]> = {
  open: () => [isOpen],
  closed: () => [{ kind: 'choice', field: 'status', values: [status.closed] }],
  overdue: (now) => [
    { kind: 'time', field: 'dueAt', from: null, until: timestamp(now.getTime()), none: false },
    isOpen,
  ],
  unassigned: () => [{ kind: 'person', field: 'assigneeId', ids: [], nobody: true }],
};

const stateTerm = oneValue(
  () => Object.keys(states),
  ({ text, from }, { isNot, to }, context) => {
    const wanted = nameKey(text);
    const state = Object.hasOwn(states, wanted) ? states[wanted] : undefined;
    if (!state) return `${quoted(text)} is not known; expected`;
    const conditions = state(context.now);
    // All terms hold at once: that not both of these hold can't be said by them.
    if (isNot && conditions.length > 1) {
      const words = `${quoted(text)} can't be excluded; expected after “-is:” another of`;
      const known = () => Object.keys(states).filter((name) => name !== wanted);
      return { conditions: [], problem: problemAt({ from, to }, words, { known }, context) };
    }
    return { conditions, dependsOnTime: wanted === 'overdue' };
  },
);

function fieldTerm(name: FieldName, field: Field): Term {
  switch (field.kind) {
    case 'text':
      return textTerm(name as TermTextFieldName);
    case 'choice':
      return choiceTerm(name as ChoiceFieldName, field);
    case 'set':
      return tagTerm;
    case 'time':
      return timeTerm(name as TimeFieldName, true);
    case 'person':
      return personTerm(name as PersonFieldName);
  }
}

const terms: ReadonlyMap<string, Term> = new Map([
  ...fieldNames.flatMap((name): [string, Term][] => {
    const field = fieldOf(name);
    return field.term === undefined ? [] : [[field.term, fieldTerm(name, field)]];
  }),
  ['created', timeTerm('createdAt', false)],
  ['updated', timeTerm('updatedAt', false)],
  ['is', stateTerm],
]);
