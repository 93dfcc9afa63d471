import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Markdown } from './Markdown.tsx';

const drawn = (text: string) => render(<Markdown text={text} />).container.firstElementChild;

it.each([
  '![the error](http://example.com/x.png)',
  'before ![](x.png) after',
  '[1]: https://example.com/log',
  '---',
  '# One\n# Two',
  'Printers\n---',
  '<!-- hidden --> <script>alert(1)</script>',
  '[the log](file://server/share/log.txt)',
  '[here](javascript:alert(1))',
  '[](https://example.com/log)',
  '&#8203; &nbsp;',
])('leaves what it does not draw as it was typed: %j', (text) => {
  expect(drawn(text)?.textContent?.trim()).toBe(text);
});

it('draws lists, code, emphasis and links, those with their target elsewhere too', () => {
  const shown = drawn('- *a*\n  1. `b`\n\n[log][1] **[mail](mailto:a@b.c)**\n\n[1]: https://example.com/log');
  const found = (part: string) => shown?.querySelector(part)?.textContent;
  expect(['ul > li em', 'ul ol code', 'a[href$=log]', 'strong > a'].map(found)).toEqual([
    'a',
    'b',
    'log',
    'mail',
  ]);
});

it('makes links of bare addresses, but in code and within the words of a link', () => {
  const shown = drawn(
    'see *https://a.org/x*, **so** http://b.org/y_z_.\n\n# https://c.org\n\n`https://d.org` [https://e.org](https://f.org) javascript:alert(1)',
  );
  const links = [...(shown?.querySelectorAll('a') ?? [])];
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    'https://a.org/x',
    'http://b.org/y_z',
    'https://c.org',
    'https://f.org',
  ]);
});

it('turns nothing around', () => {
  expect(drawn('paid \u202eeton\u202c *\u2067now*')?.textContent).toBe('paid eton now');
});
