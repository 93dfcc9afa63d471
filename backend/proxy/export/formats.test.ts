/** What the formats make of tickets, hostile texts among them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldNames, personFieldNames, ticketFields, ticketValues } from '../../../proto/ticket-fields.ts';
import type { ExportedTicket } from '../client/types.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { jsonLines } from './json-lines.ts';
import { readCsv } from './testing/read-csv.ts';

const hostile = [
  '=HYPERLINK("http://x","y")',
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '  =1',
  '\u200b=1',
  '＝1+1',
  'a "quoted", text;=1',
  'two\nlines\r\nthree',
  '</p><script>alert(1)</script>',
  '" onload="x',
  '\u202eback',
];

function exported(text: string): ExportedTicket {
  const ada = { id: 'ada', name: text };
  return {
    ticket: {
      ...ticketValues({ title: text, description: text, name: text, assigneeId: 'ada', tags: ['a', 'b c'] }),
      assignee: ada,
      id: 7,
      createdAt: '2026-11-24T14:02:11.123456Z',
      updatedAt: '2026-11-24T14:02:11.123456Z',
      version: 2,
      requestId: null,
    },
    comments: [
      {
        ...{ id: 1, requestId: 'r', kind: 'NOTE', body: text, author: ada },
        ...{ createdAt: '2026-11-24T14:02:11.123456Z', editedAt: null },
      },
    ],
    changes: [
      {
        id: 1,
        at: '2026-11-24T14:02:11.123456Z',
        by: null,
        field: 'title',
        from: null,
        to: text,
        version: 1,
      },
      {
        id: 2,
        at: '2026-11-24T14:02:11.123456Z',
        by: ada,
        field: 'COMMENTED',
        from: null,
        to: '1',
        version: 2,
      },
    ],
  };
}

describe('CSV', () => {
  it.each(hostile)('gives back %j as it is', (text) => {
    const format = csv({ withThreads: true, forSpreadsheets: false });
    const one = exported(text);
    const [head = [], row = [], ...others] = readCsv(format.head + format.ofTicket(one) + format.foot);
    expect(others).toEqual([]);
    const cells = Object.fromEntries(head.map((name, at) => [name, row[at]]));
    expect(cells).toMatchObject({ id: '7', title: text, name: text, assignee: text, tags: 'a, b c' });
    expect(JSON.parse(cells.comments ?? '')).toEqual(one.comments);
    expect(JSON.parse(cells.history ?? '')).toEqual(one.changes);
  });

  it.each(hostile)('lets a spreadsheet calculate nothing of %j', (text) => {
    const format = csv({ withThreads: true, forSpreadsheets: true });
    expect(format.head.startsWith('\ufeff"id",')).toBe(true);
    const [[title = ''] = []] = readCsv(format.ofTicket(exported(text))).map((row) => row.slice(1));
    expect(title.replace(/^'/, '')).toBe(text);
    expect(title).not.toMatch(/^[\s\u200b]*[=+\-@＝]/);
  });

  it('has a column for every field, in their order, and for whom it names', () => {
    const { head } = csv({ withThreads: false, forSpreadsheets: false });
    const columns = readCsv(head)[0] ?? [];
    expect(columns.filter((name) => name in ticketFields)).toEqual(fieldNames);
    for (const name of personFieldNames) expect(columns).toContain(ticketFields[name].agent);
    expect(columns).not.toContain('comments');
  });
});

it('is described with each column, in their order', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/export.md'), 'utf8');
  const described = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  const { head } = csv({ withThreads: true, forSpreadsheets: false });
  expect(described).toEqual(readCsv(head)[0]);
});

describe('JSON Lines', () => {
  it.each(hostile)('keeps %j in one line', (text) => {
    const one = exported(text);
    const line = jsonLines({ withThreads: true }).ofTicket(one);
    expect(line.split('\n')).toHaveLength(2);
    expect(JSON.parse(line)).toEqual({ ...one.ticket, comments: one.comments, history: one.changes });
  });
});

describe('HTML', () => {
  const format = html({ withThreads: true, timeZone: 'Europe/Berlin' });

  it.each(hostile)('shows %j as text', (text) => {
    const page = format.ofTicket(exported(text));
    const tags = new Set([...page.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(
      ['article', 'bdi', 'h1', 'h2', 'p', 'section', 'span', 'table', 'td', 'th', 'time', 'tr'].sort(),
    );
    expect(page).not.toContain('onload="');
    const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(page).toContain(shown.replaceAll('"', '&quot;'));
  });

  it('loads and runs nothing, and tells times where its reader is', () => {
    expect(format.head).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(format.ofTicket(exported('x'))).toContain('24 Nov 2026, 15:02');
  });
});
