import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRecord, silentLogger, temporaryFolder } from '../testing/outbox-desk.ts';
import type { OutboxRecord } from './outbox-record.ts';
import { openOutboxStore } from './store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let outbox: string;

beforeEach(() => {
  folder = temporaryFolder();
  outbox = join(folder.path, 'outbox');
});
afterEach(() => folder.remove());

const open = () => openOutboxStore({ folder: outbox, logger: silentLogger });

async function fill(count: number): Promise<OutboxRecord[]> {
  const store = await open();
  const records = Array.from({ length: count }, (_, sequence) => aRecord(sequence));
  await Promise.all(records.map((record) => store.put(record, { sync: true })));
  await store.close();
  return records;
}

const aside = () => readdirSync(folder.path).filter((name) => name.startsWith('outbox.unreadable-'));
const fileOf = (pattern: RegExp) => {
  const name = readdirSync(outbox).find((each) => pattern.test(each));
  return join(outbox, name ?? 'none');
};

/** How many writes LevelDB's log holds: its records, each in parts that end at a block's end. */
function writesIn(log: Buffer): number {
  const [headerBytes, blockBytes, full, first] = [7, 32 * 1024, 1, 2];
  let writes = 0;
  for (let at = 0; at + headerBytes <= log.length; ) {
    const blockLeft = blockBytes - (at % blockBytes);
    if (blockLeft < headerBytes) {
      at += blockLeft;
      continue;
    }
    const type = log[at + 6];
    if (type === full || type === first) writes += 1;
    at += headerBytes + log.readUInt16LE(at + 4);
  }
  return writes;
}

it('reads a record of before there were revisions', async () => {
  const { requestId, revision: _, ...before } = aRecord(0);
  mkdirSync(folder.path, { recursive: true });
  const database = new ClassicLevel(outbox);
  await database.put(requestId, JSON.stringify({ ...before, requestId: undefined }));
  await database.close();
  const store = await open();
  expect(store).toMatchObject({ records: [{ requestId, revision: 0, title: before.title }], notices: [] });
  await store.close();
});

describe('an outbox in order', () => {
  it('gives back what was put, in the order of filing, and nothing of what was deleted', async () => {
    const records = await fill(12);
    const store = await open();
    expect(store.records).toEqual(records);
    await store.delete(records[0]?.requestId as string, { sync: false });
    await store.close();
    const again = await open();
    expect(again.records).toEqual(records.slice(1));
    expect(again.notices).toEqual([]);
    await again.close();
    expect(readdirSync(folder.path)).toEqual(['outbox']);
  });

  it('writes down together what is put together', async () => {
    const records = await fill(200);
    const log = readFileSync(fileOf(/\.log$/));
    expect(records).toHaveLength(200);
    expect(writesIn(log)).toBe(1);
  });

  it('is refused to a second desk, which leaves everything as it was', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Another Ticket Desk has this data folder open'),
    });
    await store.put(aRecord(0), { sync: true });
    await store.close();
    expect(readdirSync(folder.path)).toEqual(['outbox']);
  });
});

describe('an outbox that can not be read', () => {
  it('is kept under a new name when a part of its log is torn, and what can be read is there', async () => {
    const records = await fill(3);
    const store = await open();
    for (let sequence = 3; sequence < 200; sequence += 1) {
      await store.put(aRecord(sequence), { sync: true });
    }
    await store.close();
    const log = readFileSync(fileOf(/\.log$/));
    log[5_000] = (log[5_000] ?? 0) ^ 0xff;
    const torn = fileOf(/\.log$/);
    writeFileSync(torn, log);

    const mended = await open();
    expect(mended.records.slice(0, 3)).toEqual(records);
    expect(mended.records.length).toBeLessThan(200);
    expect(aside()).toHaveLength(1);
    expect(mended.notices).toEqual([expect.stringContaining(join(folder.path, aside()[0] as string))]);
    const kept = readFileSync(join(folder.path, aside()[0] as string, torn.slice(outbox.length + 1)));
    expect(kept.equals(log)).toBe(true);
    await mended.close();
    const again = await open();
    expect(again.notices).toEqual([]);
    await again.close();
  });

  it.each([
    ['its manifest is garbage', () => writeFileSync(fileOf(/^MANIFEST/), 'garbage')],
    ['its table of contents is missing', () => rmSync(join(outbox, 'CURRENT'))],
    ['its table of contents is garbage', () => writeFileSync(join(outbox, 'CURRENT'), 'garbage')],
  ])('is kept and salvaged when %s', async (_, damage) => {
    const records = await fill(5);
    damage();
    const store = await open();
    expect(store.records).toEqual(records);
    expect(store.notices).toHaveLength(1);
    expect(aside()).toHaveLength(1);
    await store.put(aRecord(5), { sync: true });
    await store.close();
    const again = await open();
    expect(again.records).toHaveLength(6);
    await again.close();
  });

  it('is kept when it is a file, and a new one begun', async () => {
    writeFileSync(outbox, 'not a folder');
    const store = await open();
    expect(store.records).toEqual([]);
    expect(readFileSync(join(folder.path, aside()[0] as string), 'utf8')).toBe('not a folder');
    await store.close();
  });

  it('never takes a name that is taken', async () => {
    for (let round = 0; round < 3; round += 1) {
      rmSync(outbox, { recursive: true, force: true });
      writeFileSync(outbox, `round ${round}`);
      const store = await open();
      await store.close();
    }
    const kept = aside().map((name) => readFileSync(join(folder.path, name), 'utf8'));
    expect(kept.sort()).toEqual(['round 0', 'round 1', 'round 2']);
  });

  it('tells also of a part that was lost while an earlier start was killed', async () => {
    await fill(2);
    const left = `${outbox}.opening-1`;
    mkdirSync(left);
    writeFileSync(join(left, '000003.log'), 'what was there before');
    // What that start had written to its LOG; this start makes it LOG.old.
    writeFileSync(join(outbox, 'LOG'), 'ignoring error: dropping 77 bytes; Corruption');
    const store = await open();
    expect(store.notices).toHaveLength(1);
    expect(readFileSync(join(folder.path, aside()[0] as string, '000003.log'), 'utf8')).toContain('before');
    expect(existsSync(left)).toBe(false);
    await store.close();
  });

  it('keeps single entries that are no entries, word for word, and sends the rest', async () => {
    const records = await fill(3);
    const level = new ClassicLevel<string, Buffer>(outbox, { valueEncoding: 'buffer' });
    await level.put('torn', Buffer.from('{"title":"half'));
    await level.put('bytes', Buffer.from([0xff, 0x00]));
    await level.close();
    const store = await open();
    expect(store.records).toEqual(records);
    expect(store.notices).toEqual([expect.stringContaining('2 in the outbox could not be read')]);
    const lines = readFileSync(join(folder.path, aside()[0] as string), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { key: 'bytes', base64: '/wA=' },
      { key: 'torn', text: '{"title":"half' },
    ]);
    await store.close();
    const again = await open();
    expect(again.notices).toEqual([]);
    await again.close();
  });
});
