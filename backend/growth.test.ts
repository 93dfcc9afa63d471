/** Texts that others bring, each read in a time that grows with its length alone. */
import { describe, expect, it } from 'vitest';
import { fold } from '../proto/fold.ts';
import { addressProblem } from '../proto/service-address.ts';
import { decodeCreate, identifyCreate } from './domain/create-message.ts';
import { newTicketProblem, queryProblem, requestIdProblem, searchProblem } from './domain/ticket.ts';
import { createLogger } from './logger.ts';
import { isLoopback } from './loopback.ts';
import { ApiTokens } from './secrets.ts';
import { growthOverEight } from './testing/growth.ts';
import { decodeToken } from './ticket-service/change-feed/feed-event.ts';
import { decodeCursor } from './ticket-service/store/cursor.ts';
import { checkCreatedAt } from './ticket-service/use-cases/input.ts';

const logger = createLogger({ name: 'test', level: 'error', destination: { write() {} } });
const tokens = new ApiTokens(['a-token-of-the-team']);
const defaults = { requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01', createdAt: '2026-11-24T14:02:11Z' };

const readers: Record<string, (text: string) => unknown> = {
  'a search': (text) => [fold(text), searchProblem(text), queryProblem(text)],
  'a ticket': (text) => newTicketProblem({ title: text, description: text, name: text }),
  'a request id': requestIdProblem,
  'a time of filing': checkCreatedAt,
  'a cursor': (text) => decodeCursor('CREATED_DESC', text),
  'a resume token': decodeToken,
  'a body of the queue': (text) => decodeCreate(text, defaults),
  'a body of the queue that tells its id': (text) =>
    identifyCreate(JSON.stringify({ requestId: text }), defaults),
  'an authorization': (text) => tokens.admits(text),
  'a host': isLoopback,
  'an address': (text) => addressProblem(text, 'NSQ'),
  'an error for the log': (text) => logger.error({ err: new Error(text) }, 'x'),
};

const texts: Record<string, (size: number) => string> = {
  letters: (size) => 'a'.repeat(size),
  digits: (size) => '1'.repeat(size),
  blanks: (size) => `a${' '.repeat(size)}b`,
  marks: (size) => `a${'\u0301'.repeat(size / 2)}${'\u0316'.repeat(size / 2)}`,
  'Hebrew marks': (size) => '\u05b0\u0591'.repeat(size / 2),
  'half an address': (size) => 'a://b:'.repeat(size / 6),
  'an address without end': (size) => `a://b:${'c'.repeat(size)}`,
  'a token without end': (size) => `Bearer ${' '.repeat(size)}`,
  'tokens in a row': (size) => 'Bearer '.repeat(size / 7),
  brackets: (size) => '['.repeat(size),
  dots: (size) => `${'1.'.repeat(size / 2)}x`,
  'hex digits': (size) => `${'a-'.repeat(size / 2)}g`,
  'line breaks': (size) => '\r\n'.repeat(size / 2),
};

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each(Object.entries(texts))('of %s', async (_, make) => {
    const readAny = (size: number) => {
      try {
        read(make(size));
      } catch {
        // That it is refused is another test's.
      }
    };
    expect(await growthOverEight(readAny, { size: 8_000 })).toBeLessThan(30);
  });
});
