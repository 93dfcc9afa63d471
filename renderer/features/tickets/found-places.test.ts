import { expect, it } from 'vitest';
import { parseQuery } from '../../../proto/search-language.ts';
import { foundIn } from './found-places.ts';

const context = { now: new Date(0), timeZone: 'UTC', me: null, agents: [] };

/** The text with brackets around what is found of the search. */
function marked(text: string, search: string): string {
  const places = foundIn(text, parseQuery(search, context).terms);
  return places.reduceRight(
    (all, { from, to }) => `${all.slice(0, from)}[${all.slice(from, to)}]${all.slice(to)}`,
    text,
  );
}

it.each([
  ['Printer prints blank pages', 'print', '[Print]er [print]s blank pages'],
  ['Printer prints blank pages', 'BLANK pri', '[Pri]nter [pri]nts [blank] pages'],
  ['Printer prints blank pages', '"blank pages"', 'Printer prints [blank pages]'],
  ['Blank pages, no blank page', '"no blank', 'Blank pages, [no blank] page'],
  ['E-mail and e mail', 'e-ma', '[E-ma]il and [e ma]il'],
  ['Printer', 'rinter -print status:new #12', 'Printer'],
  ['Ökologie', 'oko', '[Öko]logie'],
  ['O\u0308kologie', 'o', '[O\u0308]kologie'],
  ['Straße 5', 'strass', '[Straß]e 5'],
  ['İstanbul', 'ist', '[İst]anbul'],
  ['打印机坏了', '印机', '打[印机]坏了'],
  ['VPN连接失败', '连接', 'VPN[连接]失败'],
  ['打印机', '机', '打印[机]'],
  ['😀 printer 😀', 'pri', '😀 [pri]nter 😀'],
  ['Costs €50', '50', 'Costs €[50]'],
  [
    '\u05e0\u05e6\u05d9\u05d2 \u05e6\u05d4\u05f4\u05dc',
    '\u05e6\u05d4\u05f4\u05dc',
    '\u05e0\u05e6\u05d9\u05d2 [\u05e6\u05d4\u05f4\u05dc]',
  ],
  ['printer', '', 'printer'],
])('%s, searched for %s', (text, search, expected) => expect(marked(text, search)).toBe(expected));
