/** Tickets as one page to be printed or kept, which needs nothing else and runs nothing. */
import {
  type FieldName,
  factNames,
  fieldOf,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import type { Change } from '../../domain/conversation.ts';
import type { KnownTicket } from '../client/types.ts';
import type { Format } from './format.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

const style = `
  :root { color-scheme: light; }
  body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font: 11pt/1.45 system-ui, sans-serif; color: #1f2328; background: #fff; }
  article { border-top: 1px solid #8c959f; padding-top: 1rem; margin-top: 2rem; }
  h1 { font-size: 1.25rem; } h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
  h1, h2 { break-after: avoid; }
  h1, p, td { overflow-wrap: anywhere; }
  p, td { white-space: pre-wrap; margin: 0 0 .75rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; vertical-align: top; padding: .15rem .75rem .15rem 0; }
  th, .when { font-weight: normal; color: #57606a; white-space: nowrap; }
  .note { border-inline-start: 3px solid #bf8700; padding-inline-start: .75rem; }
  tr { break-inside: avoid; }
  @media print { body { margin: 0; max-width: none; } article { break-before: page; border: 0; } article:first-of-type { break-before: auto; } }`;

const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tickets</title>
<style>${style}
</style>
</head>
<body>
<main>
`;

const wholeTicket: Readonly<Record<string, string>> = {
  CREATED: 'Created',
  DELETED: 'Deleted',
  RESTORED: 'Restored',
  COMMENTED: 'Commented',
  IMPORTED: 'Imported',
  comment: 'Comment changed',
};

/** @param timeZone in which times are told */
export function html({ withThreads, timeZone }: { withThreads: boolean; timeZone: string }): Format {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const when = (at: string) => `<time datetime="${escaped(at)}">${format.format(new Date(at))}</time>`;
  const row = (label: string, value: string) => `<tr><th scope="row">${label}</th><td>${value}</td></tr>\n`;
  /** In whatever direction it is written. */
  const words = (text: string) => `<bdi>${escaped(text)}</bdi>`;

  function facts(ticket: KnownTicket): string {
    const rows = factNames.map((name) => row(escaped(fieldOf(name).label), factOf(ticket, name)));
    const { createdAt, updatedAt } = ticket;
    return [
      row(ticketFields.name.label, words(ticket.name)),
      ...rows,
      createdAt === null ? '' : row('Created', when(createdAt)),
      updatedAt === null ? '' : row('Changed', when(updatedAt)),
    ].join('');
  }

  function factOf(ticket: KnownTicket, name: FieldName): string {
    const person = personFieldNames.find((each) => each === name);
    const value = person ? (ticket[ticketFields[person].agent]?.name ?? 'Nobody') : ticket[name];
    if (value === null) return '';
    if (typeof value !== 'string') return words(value.join(', '));
    return fieldOf(name).kind === 'time' ? when(value) : words(value);
  }

  function changeRow({ at, by, field, from, to }: Change): string {
    const isOfField = field in ticketFields;
    const what = isOfField ? fieldOf(field as FieldName).label : (wholeTicket[field] ?? field);
    const values = isOfField ? `: ${words(from ?? 'none')} → ${words(to ?? 'none')}` : '';
    const who = by ? words(by.name) : 'Nobody known';
    return `<tr><td class="when">${when(at)}</td><td>${who}</td><td>${escaped(what)}${values}</td></tr>\n`;
  }

  return {
    extension: 'html',
    mediaType: 'text/html; charset=utf-8',
    head,
    ofTicket({ ticket, comments, changes }) {
      const parts = [
        `<article>\n<h1>#${ticket.id} ${words(ticket.title)}</h1>\n<table>\n${facts(ticket)}</table>\n`,
        ticket.description &&
          `<h2>${ticketFields.description.label}</h2>\n<p dir="auto">${escaped(ticket.description)}</p>\n`,
      ];
      if (withThreads && comments.length > 0) parts.push('<h2>Comments</h2>\n');
      for (const { kind, author, createdAt, body } of withThreads ? comments : []) {
        const who = author ? words(author.name) : 'Nobody known';
        const what = kind === 'NOTE' ? 'note' : 'answer';
        parts.push(
          `<section class="${what}"><span class="when">${when(createdAt)}, ${who}, ${what}</span>\n<p dir="auto">${escaped(body)}</p></section>\n`,
        );
      }
      if (withThreads && changes.length > 0)
        parts.push(`<h2>History</h2>\n<table>\n${changes.map(changeRow).join('')}</table>\n`);
      return `${parts.join('')}</article>\n`;
    },
    foot: '</main>\n</body>\n</html>\n',
  };
}
