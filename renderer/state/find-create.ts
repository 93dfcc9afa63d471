/** What became of a create whose last word was not heard: by its requestId among the newest tickets. */
import type { ApolloClient } from '@apollo/client';
import { NewestTicketsDocument } from '../graphql/generated/operations.ts';
import type { TicketText } from './ticket-text.ts';

/** The ticket that this create became; null when it is none of the newest, or nobody can be asked. */
export async function findFiled(
  client: ApolloClient,
  requestId: string,
): Promise<(TicketText & { id: number }) | null> {
  const found = await client
    .query({ query: NewestTicketsDocument, fetchPolicy: 'no-cache' })
    .catch(() => null);
  const node = found?.data?.ticketPage.edges.find((edge) => edge.node.requestId === requestId)?.node;
  if (!node || node.id === null) return null;
  return { id: node.id, title: node.title, description: node.description ?? '', name: node.name };
}
