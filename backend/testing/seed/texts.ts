/** Texts as people of a helpdesk write them, put together from languages.json. */
import type { Random } from '../random.ts';
import parts from './languages.json' with { type: 'json' };

export type Language = (typeof parts)[number];

const [common] = parts as [Language, ...Language[]];
const weightOfAll = parts.reduce((sum, { weight }) => sum + weight, 0);

/** @param share from 0 up to and without 1 */
export function languageAt(share: number): Language {
  let upTo = 0;
  for (const language of parts) {
    upTo += language.weight / weightOfAll;
    if (share < upTo) return language;
  }
  return common;
}

/** The first are picked far more often than the last, as words are used. */
export function skewedBelow(end: number, random: Random): number {
  return Math.floor(end * random.next() ** 2);
}

function pick(list: readonly string[], random: Random): string {
  return list[random.below(list.length)] ?? '';
}

const syllables = [
  've',
  'lo',
  'ra',
  'ti',
  'mon',
  'ka',
  'dex',
  'su',
  'pri',
  'nor',
  'qua',
  'zen',
  'bel',
  'fi',
  'gor',
  'hy',
];

/** One of 4,096 invented names, so that a million texts hold rare words as well. */
function productName(number: number): string {
  const name = [0, 4, 8].map((shift) => syllables[(number >> shift) % syllables.length]).join('');
  return name[0]?.toUpperCase() + name.slice(1);
}

const hosts = ['srv', 'nas', 'print', 'mail', 'db', 'web', 'build', 'edge'];

export function personName(language: Language, random: Random): string {
  const [first, last] = [pick(language.firstNames, random), pick(language.lastNames, random)];
  // Where nothing stands between sentences, nothing stands between the parts of a name, and the family comes first.
  return language.gap ? `${first} ${last}` : last + first;
}

const slots: Record<string, (language: Language, random: Random) => string> = {
  thing: ({ things }, random) => things[skewedBelow(things.length, random)] ?? '',
  place: ({ places }, random) => pick(places, random),
  product: (_language, random) => productName(skewedBelow(4_096, random)),
  host: (_language, random) => `${pick(hosts, random)}-${1 + skewedBelow(400, random)}`,
  code: (_language, random) =>
    `${productName(random.below(256)).slice(0, 2).toUpperCase()}-${random.below(1_000_000)}`,
  number: (_language, random) => String(2 + skewedBelow(200, random)),
  person: personName,
};

function fill(template: string, language: Language, random: Random): string {
  return template.replace(/\{(\w+)\}/g, (_all, slot: string) => slots[slot]?.(language, random) ?? '');
}

export function titleIn(language: Language, random: Random): string {
  return fill(pick(language.titles, random), language, random);
}

/** Most have two to six sentences, a few very many. */
export function textIn(language: Language, random: Random): string {
  const bell = random.next() + random.next() + random.next() - 1.5;
  const count = Math.max(1, Math.min(60, Math.round(Math.exp(1.2 + bell * 1.6))));
  return compose(language.sentences, count, { language, random });
}

export function answerIn(language: Language, random: Random): string {
  return compose(language.answers, 1 + random.below(2), { language, random });
}

function compose(
  templates: readonly string[],
  count: number,
  { language, random }: { language: Language; random: Random },
): string {
  const sentences = Array.from({ length: count }, () => fill(pick(templates, random), language, random));
  return sentences.join(language.gap);
}
