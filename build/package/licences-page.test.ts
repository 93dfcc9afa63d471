import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { licencePage, noticeOf } from './licences-page.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticket-desk-licence-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function pack(manifest: object, files: Record<string, string> = {}): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', ...manifest }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test('a package’s own text is taken, with its notice', () => {
  pack({ license: 'Apache-2.0' }, { LICENSE: 'The terms', NOTICE: 'By Ada', 'README.md': 'Read me' });
  expect(noticeOf(folder)).toEqual({ title: 'a 1.0.0', licence: 'Apache-2.0', text: 'The terms\n\nBy Ada' });
});

test('one that only names its licence gets that text, with its author', () => {
  pack({ license: 'MIT', author: { name: 'Ada' } });
  expect(noticeOf(folder).text).toMatch(/^Copyright \(c\) Ada\n\nPermission is hereby granted/);
});

test('one whose terms are nowhere stops the packaging', () => {
  pack({});
  expect(() => noticeOf(folder)).toThrow(/a 1\.0\.0 ships no licence/);
});

test('the page shows texts as text, and Chromium’s own page inside', () => {
  const notice = { title: 'a 1.0.0', licence: 'MIT', text: '<script>alert(1)</script> & more' };
  const page = licencePage(
    [notice],
    'Electron’s terms',
    '<html><body class="x">?</body><body>\n<p>zlib</p></body></html>',
  );
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
  expect(page).toContain('<p>zlib</p>');
  expect(page).not.toContain('<script');
  expect(page.match(/<body/g)).toHaveLength(1);
});
