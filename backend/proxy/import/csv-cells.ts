/** The cells of one row of a CSV, which `row-cutter.ts` has cut out of its file. */

/** @param max of cells; behind so many nothing is read */
export function readCells(text: string, { delimiter, max }: { delimiter: string; max: number }): string[] {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < max) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    cells.push(cell);
    if (end >= text.length) return cells;
    at = end + 1;
  }
  return cells;
}

interface Cell {
  cell: string;
  /** Where the delimiter stands that follows, or the end of the row. */
  end: number;
}

function plainCell(text: string, from: number, delimiter: string): Cell {
  const found = text.indexOf(delimiter, from);
  const end = found === -1 ? text.length : found;
  return { cell: text.slice(from, end), end };
}

function quotedCell(text: string, from: number): Cell {
  let end = text.indexOf('"', from + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end === -1) end = text.length;
  return { cell: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** What stands most often between the cells of a head, outside of quotes. */
export function delimiterOf(head: string): string {
  const bare = unquoted(head);
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

/** Whether a carriage return alone ends the lines of a CSV, as in files of old Macs. @param line up to the first line feed */
export function hasBareReturns(line: string): boolean {
  return /\r./s.test(unquoted(line));
}

function unquoted(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '');
}
