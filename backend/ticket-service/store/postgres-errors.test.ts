import pg from 'pg';
import { expect, test } from 'vitest';
import { toStoreError } from './postgres-errors.ts';

function said(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

test('a full disk of the database is named, whatever the language of the server', () => {
  expect(toStoreError(said('53100', 'kein Speicherplatz mehr auf dem Gerät'))).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/The disk of the database is full\. Free some space/),
  });
  expect(toStoreError(said('57P03', 'the database system is starting up'))).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/does not answer just now/),
  });
});
