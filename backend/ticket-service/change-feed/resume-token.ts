/** A place in the feed as text that callers hand back without looking into it. */
import { DeskError } from '../../errors.ts';
import type { FeedPosition } from '../store/ticket-store.ts';

const form = /^([0-9a-f-]{36})\.(\d{1,20})\.(\d{1,19})$/;
const maxXact = 2n ** 64n - 1n;
const maxSeq = 2n ** 63n - 1n;

export function encodeToken(feedId: string, { xact, seq }: FeedPosition): string {
  return Buffer.from(`${feedId}.${xact}.${seq}`).toString('base64url');
}

/** @throws DeskError BAD_USER_INPUT resumeToken */
export function decodeToken(token: string): { feedId: string; position: FeedPosition } {
  const [, feedId, xact, seq] = form.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (feedId !== undefined && xact !== undefined && seq !== undefined) {
    const position = { xact: BigInt(xact), seq: BigInt(seq) };
    if (position.xact <= maxXact && position.seq <= maxSeq) return { feedId, position };
  }
  throw new DeskError(
    'BAD_USER_INPUT',
    'The resume token is none that this service gave. Leave it out to watch from now on.',
    { field: 'resumeToken' },
  );
}
