/** Who works here, as what they do is kept under. */
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { MeDocument, type MeQuery } from '../graphql/generated/operations.ts';
import { useLink } from './live.tsx';
import { showToast } from './toasts.ts';

/** Null while it is not known, and where nobody has told who works here. */
export function useMe(): MeQuery['me'] {
  const client = useApolloClient();
  const { since } = useLink();
  const { data } = useQuery(MeDocument, { fetchPolicy: 'cache-only' });
  // Whose token it is, a team's server tells when the link begins.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with each change of the link.
  useEffect(() => {
    // The desk works without it; the next change of the link asks again.
    client.query({ query: MeDocument, fetchPolicy: 'network-only' }).catch(() => undefined);
  }, [client, since]);
  return data?.me ?? null;
}

/** For a moment at which it has to be known: null, and says so, where nobody has told who works here or it can't be asked. */
export function useAskMe(): () => Promise<MeQuery['me']> {
  const client = useApolloClient();
  return async () => {
    const answer = await client.query({ query: MeDocument }).catch(() => undefined);
    const me = answer?.data?.me ?? null;
    if (!me) showToast({ text: 'Tell in Settings who works here first.' });
    return me;
  };
}
