import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { readCells } from './csv-cells.ts';
import { maxRowBytes, type Row, rowsOf } from './row-cutter.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function* cut(text: string | Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function read(text: string | Buffer, { delimiter = ',' as string | null, chunkBytes = 7 } = {}) {
  const rows: Row[] = [];
  for await (const row of rowsOf(cut(text, chunkBytes), { delimiter })) rows.push(row);
  return rows;
}

const textsOf = (rows: readonly Row[]) =>
  rows.map(({ line, bytes, problem }) => [line, bytes?.toString() ?? problem]);

describe('rows', () => {
  it('are the same however the file comes in pieces', async () => {
    const text = 'a,"b ""x"" \r\n c"\r\n\r\n"d",e\n,\n"",""\r\nlast,one';
    const whole = await read(text, { chunkBytes: 1_000 });
    expect(textsOf(whole)).toEqual([
      [1, 'a,"b ""x"" \r\n c"'],
      [4, '"d",e'],
      [5, ','],
      [6, '"",""'],
      [7, 'last,one'],
    ]);
    for (let chunkBytes = 1; chunkBytes <= text.length; chunkBytes += 1)
      expect(await read(text, { chunkBytes })).toEqual(whole);
  });

  it('are found again from where any of them begins', async () => {
    const text = 'a,1\r\n"b\r\nb",2\r\n"torn"x,3\r\nd,4\r\n';
    const rows = await read(text);
    for (const [at, { next }] of rows.entries()) {
      const rest: Row[] = [];
      const chunks = cut(Buffer.from(text).subarray(next.byte), 5);
      for await (const row of rowsOf(chunks, { delimiter: ',', from: next })) rest.push(row);
      expect(rest).toEqual(rows.slice(at + 1));
    }
  });

  it('of a torn quote are refused up to the line where it shows, and the rest is read', async () => {
    const rows = await read('1,"torn\r\n2,"x"\r\n3,ok\r\n4,"a"b\r\n5,6" pipe\r\n6,"never closed\r\n7,x');
    expect(textsOf(rows)).toEqual([
      [1, 'A quote in this row is not closed where its cell ends. All up to line 2 was passed over with it.'],
      [3, '3,ok'],
      [4, 'A quote in this row is not closed where its cell ends.'],
      [5, '5,6" pipe'],
      [6, 'A quote in this row is not closed where its cell ends. All up to line 7 was passed over with it.'],
    ]);
  });

  it('of a file that ends in a quote end with its last line', async () => {
    const until = (rows: Row[]) => /up to line \d+/.exec(rows.at(-1)?.problem ?? '')?.[0];
    expect(until(await read('1,ok\n2,"torn\n3,x'))).toBe('up to line 3');
    expect(until(await read('1,ok\n2,"torn\n3,x\n'))).toBe('up to line 3');
  });

  it('that are too long are passed over, and cost no more memory than one that fits', async () => {
    const pieces = 120;
    let most = 0;
    async function* huge() {
      yield Buffer.from('1,ok\n2,"');
      for (let made = 0; made < pieces; made += 1) {
        yield Buffer.alloc(1024 * 1024, 'x\n');
        if (made % 20 !== 19) continue;
        // What is held, not what lies about until a collection, whose time differs between versions of Node.
        collectGarbage();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
      yield Buffer.from('"\n3,ok\n');
    }
    const rows: Row[] = [];
    for await (const row of rowsOf(huge(), { delimiter: ',' })) rows.push(row);
    const last = 2 + (pieces * 1024 * 1024) / 2;
    expect(textsOf(rows)).toEqual([
      [1, '1,ok'],
      [
        2,
        `This row is longer than ${maxRowBytes / 1024 / 1024} MiB, or a quote in it is not closed. All up to line ${last} was passed over with it.`,
      ],
      [last + 1, '3,ok'],
    ]);
    expect(most).toBeLessThan((pieces / 2) * 1024 * 1024);
  });

  it('of JSON Lines end with their lines, whatever quotes they hold', async () => {
    const rows = await read('{"a":"\\""}\r\n"\n\n{}', { delimiter: null });
    expect(textsOf(rows)).toEqual([
      [1, '{"a":"\\""}'],
      [2, '"'],
      [4, '{}'],
    ]);
  });
});

describe('cells', () => {
  const cells = (text: string, max = 10) => readCells(text, { delimiter: ';', max });

  it('are what RFC 4180 says, with any delimiter', () => {
    expect(cells('a;"b;""c""";;" =1"')).toEqual(['a', 'b;"c"', '', ' =1']);
    expect(cells('')).toEqual(['']);
    expect(cells('a;')).toEqual(['a', '']);
    expect(cells('"')).toEqual(['']);
  });

  it('are read up to a number, of a million too', () => {
    expect(cells(';'.repeat(1_000_000), 3)).toEqual(['', '', '']);
  });
});
