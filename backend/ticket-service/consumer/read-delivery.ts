/** What a delivery asks for, in whichever producer's words. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { digestOf } from '../../create-digest.ts';
import { decodeCreate, identifyCreate, type MessageDefaults } from '../../domain/create-message.ts';
import { DeskError } from '../../errors.ts';
import type { Delivery } from '../../ports/create-source.ts';
import type { NewRejection } from '../store/ticket-store.ts';
import type { CreateInput, Refused } from '../use-cases/create-tickets.ts';

/** Of the request ids made here; any UUID, the same in every Ticket Desk. */
const namespace = '6f0f8a52-0d5c-4b0e-9d1f-3a1d5b7c2e94';

/** An older producer gives no request id: every delivery of its message, to whichever service, gets the same one. */
function defaultsOf({ id, publishedAtMs }: Delivery, topic: string): MessageDefaults {
  return {
    requestId: nameBasedUuid(namespace, `${topic}/${id}`),
    createdAt: new Date(publishedAtMs).toISOString(),
  };
}

export type ReadCreate = CreateInput & { requestId: string };

/** Reads the form alone; whether the text is acceptable is the use case's to judge. */
export function readDelivery(delivery: Delivery, topic: string): ReadCreate | Refused {
  try {
    if (!isUtf8(delivery.body)) {
      throw new DeskError('BAD_USER_INPUT', 'The message is not UTF-8. Send JSON in UTF-8.');
    }
    const create = decodeCreate(delivery.body.toString(), defaultsOf(delivery, topic));
    return { ...create, unseen: isOlderProducers(create, delivery, topic) && delivery.attempts === 1 };
  } catch (thrown) {
    if (thrown instanceof DeskError) return { refused: thrown };
    throw thrown;
  }
}

function isOlderProducers({ requestId }: { requestId: string }, delivery: Delivery, topic: string): boolean {
  return requestId === defaultsOf(delivery, topic).requestId;
}

/**
 * The same create under an id of its own, for one whose request id another text has; every delivery of it gets the same
 * one. Undefined where the author chose the request id. An older producer's is made of the message's id, which nsqd
 * gives twice when its clock is set back.
 */
export function underOwnId(create: ReadCreate, delivery: Delivery, topic: string): ReadCreate | undefined {
  if (!isOlderProducers(create, delivery, topic)) return undefined;
  return { ...create, requestId: ownId(create.requestId, digestOf(create)) };
}

function ownId(requestId: string, digest: Buffer): string {
  return nameBasedUuid(namespace, `${requestId}/${digest.toString('hex')}`);
}

/**
 * Kept under the request id that the body gives, if it can be read so far, for its author to find. One whose id another
 * text has is kept under an id of its own: the body has the given one.
 */
export function rejectionOf(delivery: Delivery, topic: string, error: DeskError): NewRejection {
  const { requestId, revision } = identifyCreate(delivery.body.toString(), defaultsOf(delivery, topic));
  const read = readDelivery(delivery, topic);
  const digest = 'refused' in read ? undefined : digestOf(read);
  const isTaken = error.code === 'CONFLICT' && digest;
  return {
    requestId: isTaken ? ownId(requestId, digest) : requestId,
    revision,
    digest,
    reason: error.message,
    field: error.field,
    body: delivery.body,
  };
}

/** The same name always gives the same UUID: version 5 of RFC 9562. @param namespace a UUID */
export function nameBasedUuid(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
