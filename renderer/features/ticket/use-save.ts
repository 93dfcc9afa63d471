/** The writes of one ticket: shown at once, never over somebody else's version. */
import { useApolloClient } from '@apollo/client/react';
import { type TicketDetailFragment, UpdateTicketDocument } from '../../graphql/generated/operations.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
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

export function useSave(ticket: TicketDetailFragment, id: number): Save {
  const client = useApolloClient();
  return async (changes, expectedVersion) => {
    const shown: TicketDetailFragment = { ...ticket, ...changes, updatedAt: new Date().toISOString() };
    try {
      const { data } = await client.mutate({
        mutation: UpdateTicketDocument,
        variables: { input: { id, ...changes, ...(expectedVersion === null ? {} : { expectedVersion }) } },
        optimisticResponse: { updateTicket: { id, success: true, ticket: shown } },
      });
      if (!data?.updateTicket.success) return { kind: 'gone' };
      const written = data.updateTicket.ticket;
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
