/** What a delivery asks for, in whichever producer's words. */
import { isUtf8 } from 'node:buffer';
import { decodeCreate, identifyCreate, type MessageDefaults } from '../../domain/create-message.ts';
import { DeskError } from '../../errors.ts';
import type { Delivery } from '../../ports/create-source.ts';
import type { NewRejection } from '../store/ticket-store.ts';
import type { CreateInput, Refused } from '../use-cases/create-tickets.ts';
import { nameBasedUuid } from './name-based-uuid.ts';

/** Of the request ids made here; any UUID, the same in every Ticket Desk. */
const namespace = '6f0f8a52-0d5c-4b0e-9d1f-3a1d5b7c2e94';

/** An older producer gives no request id: every delivery of its message, to whichever service, gets the same one. */
function defaultsOf({ id, publishedAtMs }: Delivery, topic: string): MessageDefaults {
  return {
    requestId: nameBasedUuid(namespace, `${topic}/${id}`),
    createdAt: new Date(publishedAtMs).toISOString(),
  };
}

/** Reads the form alone; whether the text is acceptable is the use case's to judge. */
export function readDelivery(delivery: Delivery, topic: string): CreateInput | Refused {
  try {
    if (!isUtf8(delivery.body)) {
      throw new DeskError('BAD_USER_INPUT', 'The message is not UTF-8. Send JSON in UTF-8.');
    }
    const defaults = defaultsOf(delivery, topic);
    const create = decodeCreate(delivery.body.toString(), defaults);
    const isOlder = create.requestId === defaults.requestId;
    return { ...create, unseen: isOlder && delivery.attempts === 1 };
  } catch (thrown) {
    if (thrown instanceof DeskError) return { refused: thrown };
    throw thrown;
  }
}

/** Kept under the request id that the body gives, if it can be read so far, for its author to find. */
export function rejectionOf(delivery: Delivery, topic: string, error: DeskError): NewRejection {
  return {
    ...identifyCreate(delivery.body.toString(), defaultsOf(delivery, topic)),
    reason: error.message,
    field: error.field,
    body: delivery.body,
  };
}
