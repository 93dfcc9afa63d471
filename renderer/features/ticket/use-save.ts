/** The writes of one ticket: shown at once, never over somebody else's version. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import { uuidv7 } from 'uuidv7';
import { isValueOf } from '../../../proto/field-kinds.ts';
import {
  editAtOnceNames,
  fieldNames,
  fieldOf,
  type TicketChanges,
  ticketValues,
} from '../../../proto/ticket-fields.ts';
import {
  type TicketDetailFragment,
  TicketDetailFragmentDoc,
  UpdateTicketDocument,
} from '../../graphql/generated/operations.ts';
import { agentOf } from '../../state/agents.tsx';
import { nowMs } from '../../state/clock.ts';
import type { VersionedValues } from '../../state/drafts.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { valuesOf } from '../../state/form-values.ts';
import { namesOf } from '../../state/merge.ts';
import { noteOwnChange } from '../../state/own-changes.ts';

/** A write that was done: what it replaced, and the ticket as it was written. */
export interface Written {
  requestId: string;
  before: TicketChanges;
  after: VersionedValues;
}

/** What came of a write: done, kept on this computer until the link is back, no such ticket, somebody else's version is newer, or an error in words. */
export type Saved =
  | { kind: 'saved'; written: Written | null }
  | { kind: 'queued'; requestId: string }
  | { kind: 'gone' }
  | { kind: 'clash'; current: VersionedValues }
  | { kind: 'failed'; failure: Failure };

/** Writes over the version that was seen; what others changed in other fields since stays as they left it. */
export type Save = (changes: TicketChanges, seen: VersionedValues) => Promise<Saved>;

export function versionOf(ticket: TicketDetailFragment): VersionedValues {
  return { ...valuesOf(ticket), version: ticket.version };
}

/** Works as well after the panel that it began in has gone. */
export function useSave(id: number): Save {
  const client = useApolloClient();
  return useMemo(() => saveTo(client, id), [client, id]);
}

function saveTo(client: ApolloClient, id: number): Save {
  return async (changes, seen) => {
    const known = client.cache.readFragment({
      id: `Ticket:${id}`,
      fragment: TicketDetailFragmentDoc,
      fragmentName: 'TicketDetail',
    });
    const ticket = known && {
      ...known,
      ...changes,
      assignee: agentOf(client.cache, { ...known, ...changes }.assigneeId),
      updatedAt: new Date(nowMs()).toISOString(),
    };
    const requestId = uuidv7();
    try {
      const { data } = await client.mutate({
        mutation: UpdateTicketDocument,
        variables: { input: { id, requestId, ...changes, expectedVersion: seen.version } },
        ...(ticket && {
          optimisticResponse: { updateTicket: { id, success: true, state: 'STORED', ticket } },
        }),
      });
      if (!data?.updateTicket.success) return { kind: 'gone' };
      if (data.updateTicket.state === 'QUEUED') return { kind: 'queued', requestId };
      const { ticket: after } = data.updateTicket;
      // A typed change leaves the person with the ticket, in the list or not.
      if (editAtOnceNames.some((name) => changes[name] !== undefined))
        noteOwnChange({ id, version: after?.version ?? null });
      const before = Object.fromEntries(namesOf(changes).map((name) => [name, seen[name]]));
      return { kind: 'saved', written: after && { requestId, before, after: versionOf(after) } };
    } catch (thrown) {
      const failure = readFailure(thrown);
      const current = failure.code === 'CONFLICT' ? readCurrent(failure.current) : null;
      return current ? { kind: 'clash', current } : { kind: 'failed', failure };
    }
  };
}

/** extensions.current crosses the wire untyped: only what has the expected shape is shown as a clash. */
function readCurrent(value: unknown): VersionedValues | null {
  const current = (value ?? {}) as Partial<VersionedValues>;
  const isWhole = fieldNames.every((name) => {
    const field = fieldOf(name);
    return isValueOf(field, current[name]) || (field.kind === 'text' && field.mayBeEmpty);
  });
  if (!isWhole || typeof current.version !== 'number') return null;
  return { ...ticketValues(current), version: current.version };
}
