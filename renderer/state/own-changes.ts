/** What the person does in this window: its rows may come and go under the reader's eye, who has made them. */
import { createListeners } from '../../proto/listeners.ts';

/** A create that is filed or discarded; a ticket whose status was set, that was deleted, or brought back. */
export type OwnChange =
  | { requestId: string }
  | { id: number; version: number | null }
  | { deleted: number }
  | { restored: number };

const changes = createListeners<OwnChange>();

/** Call once a ticket's change is done; of a create before it is sent, as its news may come before the answer. */
export const noteOwnChange = changes.emit;

export const onOwnChange = changes.add;
