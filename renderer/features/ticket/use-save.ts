/** The writes of one ticket: shown at once, never over somebody else's version. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import {
  type TicketDetailFragment,
  TicketDetailFragmentDoc,
  UpdateTicketDocument,
} from '../../graphql/generated/operations.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { noteOwnChange } from '../../state/own-changes.ts';
import type { TicketValues } from './merge.ts';

/** The values of a ticket at one version; null from a service that keeps no versions. */
export interface VersionedValues extends TicketValues {
  version: number | null;
}

/** What came of a write: done, no such ticket, somebody else's version is newer, or an error in words. */
export type Saved =
  | { kind: 'saved'; written: VersionedValues | null }
  | { kind: 'gone' }
  | { kind: 'clash'; current: VersionedValues }
  | { kind: 'failed'; failure: Failure };

export type Save = (changes: Partial<TicketValues>, expectedVersion: number | null) => Promise<Saved>;

export function valuesOf(ticket: TicketDetailFragment): VersionedValues {
  const { title, description, name, status, version } = ticket;
  return { title, description: description ?? '', name, status: status ?? '', version };
}

/** Works as well after the panel that it began in has gone. */
export function useSave(id: number): Save {
  const client = useApolloClient();
  return useMemo(() => saveTo(client, id), [client, id]);
}

function saveTo(client: ApolloClient, id: number): Save {
  return async (changes, expectedVersion) => {
    const known = client.cache.readFragment({
      id: `Ticket:${id}`,
      fragment: TicketDetailFragmentDoc,
      fragmentName: 'TicketDetail',
    });
    const ticket = known && { ...known, ...changes, updatedAt: new Date().toISOString() };
    try {
      const { data } = await client.mutate({
        mutation: UpdateTicketDocument,
        variables: { input: { id, ...changes, ...(expectedVersion === null ? {} : { expectedVersion }) } },
        ...(ticket ? { optimisticResponse: { updateTicket: { id, success: true, ticket } } } : {}),
      });
      if (!data?.updateTicket.success) return { kind: 'gone' };
      const written = data.updateTicket.ticket;
      // Other changes leave the person with the ticket, in the list or not.
      if (changes.status !== undefined) noteOwnChange({ id, version: written?.version ?? null });
      return { kind: 'saved', written: written && valuesOf(written) };
    } catch (thrown) {
      const failure = readFailure(thrown);
      const current = failure.code === 'CONFLICT' ? readCurrent(failure.current) : null;
      return current ? { kind: 'clash', current } : { kind: 'failed', failure };
    }
  };
}

/** extensions.current crosses the wire untyped: only what has the expected shape is shown as a clash. */
function readCurrent(value: unknown): VersionedValues | null {
  const { title, description, name, status, version } = (value ?? {}) as Partial<VersionedValues>;
  if (typeof title !== 'string' || typeof name !== 'string' || typeof status !== 'string') return null;
  if (typeof version !== 'number') return null;
  return { title, description: description ?? '', name, status, version };
}
