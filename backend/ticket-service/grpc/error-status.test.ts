import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { DeskError, errorCodes } from '../../errors.ts';
import { createLogger } from '../../logger.ts';
import { toWireError } from './error-status.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

it('gives each code a status of its own, and the text and the field their places', () => {
  const statuses = errorCodes.map(
    (code) => toWireError(new DeskError(code, 'What happened.', { field: 'title' }), 'X', logger).code,
  );
  expect(new Set(statuses).size).toBe(errorCodes.length);
  const error = toWireError(
    new DeskError('BAD_USER_INPUT', 'What happened.', { field: 'title' }),
    'X',
    logger,
  );
  expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'What happened.' });
  expect(error.metadata?.get('error-field')).toEqual(['title']);
});

it('keeps the text of whatever else was thrown to itself', () => {
  for (const thrown of [new Error('password=secret'), 'secret', undefined, { code: 3, details: 'secret' }]) {
    const error = toWireError(thrown, 'X', logger);
    expect(error.code).toBe(status.INTERNAL);
    expect(JSON.stringify(error)).not.toContain('secret');
  }
});
