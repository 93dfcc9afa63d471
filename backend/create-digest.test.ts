import { expect, it } from 'vitest';
import { digestOf } from './create-digest.ts';

const text = { title: 'Printer', description: 'Second floor.', name: 'Ada' };

it('is the same for the same text in whatever order, and does not mind what else is there', () => {
  const { title, description, name } = text;
  const travelling = { name, description, title, requestId: 'R', createdAt: 'now', revision: 3 };
  expect(digestOf(travelling)).toEqual(digestOf(text));
});

it('is that of the form which proto/README.md describes, for ever: services of any age share one ledger', () => {
  // printf 'create 1\0description\0Second floor.\0name\0Ada\0title\0Printer' | sha256sum
  expect(digestOf(text).toString('hex')).toBe(
    '5196ea89f4fb4f97882877c341ba9f1023e23dd690d4f382d47440150afa9007',
  );
  // printf 'create 1\0name\0Ada\0title\0Printer' | sha256sum
  expect(digestOf({ ...text, description: '' }).toString('hex')).toBe(
    'def2c002b27db58a4ad7b4c08a98a1e5c2a999964477f0b83479b536167810df',
  );
});

it('has tags and a due time as the same page says, in the form in which they are stored', () => {
  // printf 'create 1\0dueAt\0002030-01-01T12:00:00.000000Z\0name\0Ada\0tags\0printer\nvpn\0title\0Printer' | sha256sum
  const create = {
    title: 'Printer',
    name: 'Ada',
    tags: ['VPN', ' printer', 'vpn'],
    dueAt: '2030-01-01T14:00:00+02:00',
  };
  expect(digestOf(create).toString('hex')).toBe(
    'b6a1935ad734acf0de40cd489c748402cdd1f60d09fb9662b2333b7d820bb460',
  );
  expect(digestOf({ ...text, tags: [], dueAt: null })).toEqual(digestOf(text));
});

it.each([
  { ...text, tags: ['vpn'] },
  { ...text, dueAt: '2030-01-01T12:00:00Z' },
  { ...text, title: 'Printers' },
  { ...text, title: 'printer' },
  { ...text, title: 'Printer ' },
  { ...text, description: '' },
  { ...text, name: 'Bo' },
  { title: 'Ada', description: 'Second floor.', name: 'Printer' },
  { title: 'PrinterSecond floor.', description: '', name: 'Ada' },
])('is another for any other text: %o', (other) => {
  expect(digestOf(other)).not.toEqual(digestOf(text));
});
