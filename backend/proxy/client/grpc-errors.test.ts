import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { fromGrpc } from './grpc-errors.ts';

function late(): ServiceError {
  return Object.assign(new Error('late'), {
    code: status.DEADLINE_EXCEEDED,
    details: 'Deadline exceeded after 10s',
    metadata: new Metadata(),
  });
}

it('of what was not answered in time only a write may have been done all the same', () => {
  expect(fromGrpc(late(), 'write')).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    message: 'The ticket service did not answer in time. Look whether it was done, then try again.',
  });
  expect(fromGrpc(late(), 'read')).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    message: 'The ticket service did not answer in time. Try again.',
  });
});
