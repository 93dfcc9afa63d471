/** Tickets as CSV by RFC 4180: a line each, comments and history in a cell each, as JSON. */
import { type Format, threadOf, threadParts, ticketParts } from './format.ts';

export interface CsvOptions {
  withThreads: boolean;
  /** Guards what a spreadsheet would take for a formula by an apostrophe, and begins with the mark by which Excel knows UTF-8. */
  forSpreadsheets: boolean;
}

/** What a spreadsheet calculates, in any width, and the blanks that it passes over before that. */
const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

function csvLine(cells: readonly string[], isGuarded: boolean): string {
  const written = cells.map((cell) => {
    const text = isGuarded && formula.test(cell) ? `'${cell}` : cell;
    // In some countries spreadsheets part cells at a semicolon.
    return isGuarded || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${written.join(',')}\r\n`;
}

/** A list as its entries joined by ", ", which none of them holds; an agent by the name. */
function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null) return 'name' in value ? String(value.name) : '';
  return value === null || value === undefined ? '' : String(value);
}

export function csv({ withThreads, forSpreadsheets }: CsvOptions): Format {
  const columns = [...ticketParts, ...(withThreads ? threadParts : [])];
  return {
    extension: 'csv',
    mediaType: 'text/csv; charset=utf-8',
    head: (forSpreadsheets ? '\ufeff' : '') + csvLine(columns, forSpreadsheets),
    ofTicket(exported) {
      const values = exported.ticket as unknown as Readonly<Record<string, unknown>>;
      const thread = threadOf(exported);
      const threads = withThreads ? threadParts.map((part) => JSON.stringify(thread[part])) : [];
      return csvLine([...ticketParts.map((part) => cellOf(values[part])), ...threads], forSpreadsheets);
    },
    foot: '',
  };
}
