/** In which order an import and its file come and go, so that no kill and no full disk leaves one without the other. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { createLogger } from '../../logger.ts';
import { testFolder } from '../../testing/test-folder.ts';
import type { RecordStore } from '../outbox/store.ts';
import type { ImportRecord } from './import-record.ts';
import { Imports } from './imports.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const id = '3f0f7f0e-5a38-4c0e-9d5d-0d1c6f6a2b11';

async function runningImport() {
  const folder = testFolder();
  const put = vi.fn(async () => {});
  const remove = vi.fn(async () => {});
  const store = { records: [], elsewhere: new Map(), put, delete: remove };
  const imports = new Imports({ store: store as unknown as RecordStore<ImportRecord>, folder, logger });
  const text = 'title,description,name\nPrinter,,Ada\n';
  await writeFile(imports.uploads.pathOf(id), text);
  const one = await imports.prepare({ id, fileName: 'a.csv', bytes: text.length, agent: undefined });
  await imports.start(id, { mapping: undefined, isDryRun: false });
  const last = { next: one.record.next, isLast: true, imported: 1, wereThere: 0, refused: [] };
  return { imports, one, last, put, remove };
}

it('is told to be done once the disk knows, as its file may go then', async () => {
  const { imports, one, last, put } = await runningImport();
  const told = vi.fn();
  imports.onChange(told);
  put.mockRejectedValueOnce(new Error('the disk is full'));
  await expect(imports.settle(one, last)).rejects.toThrow('the disk is full');
  expect(told).not.toHaveBeenCalled();
  expect(one.record).toMatchObject({ state: 'RUNNING', imported: 0 });
  await imports.settle(one, last);
  expect(told).toHaveBeenCalledOnce();
  expect(one.record).toMatchObject({ state: 'DONE', imported: 1 });
});

it('keeps its file for as long as its record can not be removed', async () => {
  const { imports, one, last, remove } = await runningImport();
  await imports.settle(one, last);
  const warned = vi.spyOn(logger, 'warn');
  remove.mockRejectedValueOnce(new Error('the disk is full'));
  await imports.discard(id);
  await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
  expect(existsSync(imports.pathOf(one))).toBe(true);
});
