import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { testFolder } from '../../testing/test-folder.ts';
import { csv } from '../export/csv.ts';
import { inspect } from './inspect.ts';
import { isOwn } from './mapping.ts';
import { Uploads } from './uploads.ts';

let folder: string;
beforeEach(async () => {
  folder = testFolder();
});

async function inspected(content: string | Buffer) {
  const file = join(folder, 'file');
  await writeFile(file, content);
  return inspect(file);
}

it.each([',', ';', '\t'])('finds columns and samples between %j', async (delimiter) => {
  const rows = [
    ['Title', '"a, b; c"'],
    ['one', `"${'x'.repeat(300)}"`],
    ['two', ''],
  ];
  const text = `\ufeff${rows.map((row) => row.join(delimiter)).join('\r\n')}`;
  const { columns, samples, first, ...file } = await inspected(text);
  expect(file).toMatchObject({ delimiter, bytes: Buffer.byteLength(text) });
  expect(columns).toEqual(['Title', 'a, b; c']);
  expect(samples).toEqual([
    ['one', 'two'],
    ['x'.repeat(200), ''],
  ]);
  expect(first.line).toBe(1);
  expect(isOwn(columns)).toBe(false);
});

it('takes a line break within a head for a part of it', async () => {
  const { columns } = await inspected('"Ti\rtle","a\r\nb"\r\none,two\r\n');
  expect(columns).toEqual(['Ti\rtle', 'a\r\nb']);
});

it('knows an export of a desk, and the same file again', async () => {
  const { head } = csv({ withThreads: true, forSpreadsheets: false });
  const [one, again, other] = [await inspected(head), await inspected(head), await inspected(`${head} `)];
  expect(isOwn(one.columns)).toBe(true);
  expect(again.digest).toBe(one.digest);
  expect(other.digest).not.toBe(one.digest);
  expect(await inspected('{"id":1}\n')).toMatchObject({ delimiter: null, columns: [] });
});

const guarded = csv({ withThreads: false, forSpreadsheets: true }).head;
const twice = (text: string) => Buffer.from(text).toString('latin1');

it.each([
  ['nothing', '', /empty/],
  ['a mark alone', '\ufeff', /empty/],
  ['UTF-16', Buffer.from('\ufefftitle,name\n', 'utf16le'), /no text in UTF-8/],
  ['a spreadsheet or any other binary', Buffer.from('PK\u0003\u0004\0\0'), /no text in UTF-8/],
  ['lines that end as on old Macs', 'title,name\rFan,Di\rDoor,Bo\r', /lines end as those of old Macs/],
  ['many such lines', `title,name\r${'Fan,Di\r'.repeat(20_000)}`, /lines end as those of old Macs/],
  ['an export for spreadsheets', guarded, /for spreadsheets/],
  ['a million columns', ','.repeat(1_000_000), /no heads of columns/],
  ['more columns than a table of tickets has', ','.repeat(500), /more than 500 columns/],
  ['a first line that does not end', Buffer.alloc(9_000_000, 'x'), /no heads of columns/],
  ['what was encoded twice', twice('title,name\nBüro,Ägir\n'), /encoded twice/],
  ['what was encoded twice, marked', `\ufeff${twice('title,name\nBüro — “zu”\n')}`, /encoded twice/],
])('refuses %s', async (_, content, words) => {
  await expect(inspected(content)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: words });
});

it.each(['title,name\nBüro,Ägir\n', 'title,name\nBüro and BÃ¼ro\n', 'title,name\nSão\n', 'title\nÃ'])(
  'takes text that only looks as if it were encoded twice (%#)',
  async (text) => {
    expect(await inspected(text)).toMatchObject({ delimiter: ',' });
  },
);

it('takes a file in pieces, each once, and says where the next one begins', async () => {
  const uploads = new Uploads(join(folder, 'files'));
  const body = (text: string) => new Blob([text]).stream();
  expect(await uploads.receive('a', 5, body('later'))).toBe(0);
  expect(await uploads.receive('a', 0, body('12345'))).toBe(5);
  expect(await uploads.receive('a', 0, body('12345'))).toBe(5);
  const both = [uploads.receive('a', 5, body('678')), uploads.receive('a', 5, body('678'))];
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await uploads.bytesOf('a')).toBe(8);
});

it('takes a broken piece as far as it came', async () => {
  const uploads = new Uploads(join(folder, 'files'));
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from('123')),
    pull: (controller) => controller.error(new Error('cut')),
  });
  await expect(uploads.receive('a', 0, broken)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const here = await uploads.bytesOf('a');
  expect(await uploads.receive('a', here, new Blob(['123456'.slice(here)]).stream())).toBe(6);
});
