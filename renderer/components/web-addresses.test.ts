import { expect, it } from 'vitest';
import { textParts } from './web-addresses.ts';

const addresses = (text: string) => textParts(text).flatMap((part) => (part.isAddress ? [part.text] : []));

it.each([
  ['see https://example.com/a?b=c&d=1#e', ['https://example.com/a?b=c&d=1#e']],
  [
    'https://a.org, then HTTP://b.org:8080/x/. Is it https://c.org?',
    ['https://a.org', 'HTTP://b.org:8080/x/', 'https://c.org'],
  ],
  [
    '(as in https://en.wikipedia.org/wiki/Desk_(furniture)).',
    ['https://en.wikipedia.org/wiki/Desk_(furniture)'],
  ],
  [
    '[https://a.org/x] “https://b.org/y” <https://c.org>',
    ['https://a.org/x', 'https://b.org/y', 'https://c.org'],
  ],
  ['请看https://例子.中国/页。谢谢', ['https://例子.中国/页']],
  ['line\nhttps://a.org\nline', ['https://a.org']],
])('finds the addresses of %j, without what belongs to the sentence', (text, found) => {
  expect(addresses(text)).toEqual(found);
});

it.each([
  'javascript:alert(1)',
  'javascript:https://a.org',
  'file://server/share',
  'ftp://a.org',
  'xhttps://a.org',
  'https://',
  'https:// a.org',
  'https://...',
])('takes %j for no address', (text) => {
  expect(addresses(text)).toEqual([]);
});

it('leaves every letter where it was, and takes long texts in its stride', () => {
  for (const text of ['', 'a https://a.org. b', `https://a${')'.repeat(200_000)}`, 'https://'.repeat(50_000)])
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
});
