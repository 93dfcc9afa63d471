import { describe, expect, test } from 'vitest';
import { control, desktopEntry, metainfo } from './deb-files.ts';

const manifest = {
  name: 'ticket-desk',
  productName: 'Ticket Desk',
  version: '1.0.0-beta.2',
  description: `${'Files tickets & closes them. '.repeat(5)}`.trim(),
  license: 'MIT',
  homepage: 'https://example.org/desk',
};

describe('what dpkg is told', () => {
  const lines = control(manifest, 'amd64', 300_000).split('\n');

  test('a version before a release sorts before it', () => {
    expect(lines).toContain('Version: 1.0.0~beta.2');
  });

  test('a page that there is, is named', () => {
    expect(lines).toContain('Homepage: https://example.org/desk');
  });

  test('no line of the description is wider than a terminal, and none of its words is lost', () => {
    const long = lines.filter((line) => line.startsWith(' ')).slice(0, 2);
    expect(Math.max(...long.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(long.map((line) => line.trim()).join(' ')).toBe(manifest.description);
  });
});

test('the desktop entry opens ticketdesk: links and is found as what electron-builder.yml says', () => {
  const lines = desktopEntry(manifest).split('\n');
  expect(lines).toContain('MimeType=x-scheme-handler/ticketdesk;');
  expect(lines).toContain('Exec=/usr/bin/ticket-desk %U');
  expect(lines).toContain('Categories=Office;ProjectManagement;');
});

test('what AppStream reads is XML, whatever the texts hold', () => {
  expect(metainfo(manifest, '2026-11-24')).toContain('Files tickets &amp; closes them.');
});
