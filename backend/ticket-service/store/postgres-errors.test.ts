import pg from 'pg';
import { expect, test } from 'vitest';
import { toStoreError } from './postgres-errors.ts';

function said(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

test.each([
  ['53100', 'kein Speicherplatz mehr auf dem Gerät', 'The disk of the database is full. Free some space'],
  ['25006', 'cannot execute UPDATE in a read-only transaction', 'The database can only be read now.'],
  ['53300', 'zu viele Verbindungen', 'The database takes no more connections.'],
  ['57P03', 'the database system is starting up', 'does not answer just now'],
])('what passes is named by its code %s, whatever the language of the server', (code, message, words) => {
  expect(toStoreError(said(code, message))).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining(words),
  });
});
