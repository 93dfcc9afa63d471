/** What became of a create whose last word was not heard. */
import type { ApolloClient } from '@apollo/client';
import type { FiledValues } from '../../proto/ticket-fields.ts';
import { CreateResultDocument } from '../graphql/generated/operations.ts';
import { readFailure } from './failure.ts';

export interface FoundCreate {
  /** Whether it was filed with the text that was asked about; `same` too when none was. */
  text: 'same' | 'other';
  /** Its ticket's, deleted or not; null while it waits, or where that is not known. */
  id: number | null;
}

/** Null when nobody has the requestId, or nobody who may have it can be asked. */
export async function findCreate(
  client: ApolloClient,
  asked: { requestId: string; text?: FiledValues; signal?: AbortSignal },
): Promise<FoundCreate | null> {
  const { requestId, text, signal } = asked;
  try {
    const { data } = await client.query({
      query: CreateResultDocument,
      variables: { requestId, ...(text && { text }) },
      fetchPolicy: 'no-cache',
      ...(signal && { context: { fetchOptions: { signal } } }),
    });
    return data?.createResult ? { text: 'same', id: data.createResult.id } : null;
  } catch (thrown) {
    return otherCreate(thrown);
  }
}

/** What a refusal tells of the text that has the requestId; null when it is about something else. */
export function otherCreate(thrown: unknown): FoundCreate | null {
  const { code, field, ticketId = null } = readFailure(thrown);
  return code === 'CONFLICT' && field === 'requestId' ? { text: 'other', id: ticketId } : null;
}
