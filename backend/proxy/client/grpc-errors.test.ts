import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { fromGrpc } from './grpc-errors.ts';

function failure(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

const late = () => failure(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 10s');

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

it('a list that is too large is not told in the words of gRPC', () => {
  const error = failure(status.RESOURCE_EXHAUSTED, 'Received message larger than max (90000000 vs 67108864)');
  expect(fromGrpc(error, 'read')).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('more than a desk takes at once. Look for one status alone'),
  });
});
