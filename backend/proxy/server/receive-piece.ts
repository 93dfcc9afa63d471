/** Answers POST /imports/<id>?at=<bytes>, which brings a piece of a file that is to be imported. */
import { requestIdProblem } from '../../domain/ticket.ts';
import { type ErrorCode, toDeskError } from '../../errors.ts';
import type { Caller } from '../caller.ts';
import type { Uploads } from '../import/uploads.ts';
import { jsonResponse } from './graphql-errors.ts';
import { HttpRefusal } from './request-body.ts';

const statuses: Partial<Record<ErrorCode, number>> = { BAD_USER_INPUT: 413, CONFLICT: 409, UNAVAILABLE: 503 };

/** @throws HttpRefusal, and what the caller's check does */
export async function receivePiece(uploads: Uploads, request: Request, caller: Caller): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method !== 'POST')
    throw new HttpRefusal(405, 'BAD_USER_INPUT', 'Send a file by POST.', { allow: 'POST' });
  // Any other type could be sent by a page of another origin without asking first.
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/octet-stream')
    throw new HttpRefusal(415, 'BAD_USER_INPUT', 'Send a file as application/octet-stream.');
  const id = pathname.slice('/imports/'.length).toLowerCase();
  const at = searchParams.get('at') ?? '0';
  if (requestIdProblem(id) || !/^\d{1,15}$/.test(at))
    throw new HttpRefusal(
      404,
      'NOT_FOUND',
      'Send a file to /imports/, then a UUID, then ?at= and how much of it is before this piece.',
    );
  const bytes = await uploads.receive(id, Number(at), request.body).catch((thrown: unknown) => {
    const { code, message } = toDeskError(thrown);
    const status = statuses[code];
    throw status === undefined ? thrown : new HttpRefusal(status, code, message);
  });
  // A piece may come as slowly as its sender likes.
  caller.check();
  return jsonResponse(request, 200, { bytes });
}
