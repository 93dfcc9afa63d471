/** The one Apollo Client of the page. Subscriptions are multipart answers, which HttpLink reads by itself. */
import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { OperationTypeNode } from 'graphql';
import { hearServersClock } from '../state/clock.ts';
import { readFailure } from '../state/failure.ts';
import { fetchUnlessSilent } from './fetch-unless-silent.ts';

export interface ClientOptions {
  /** Sent as `x-desk-token`; in the desktop app alone. */
  deskToken?: string;
  /** Sent as a bearer token; in the web face, where the server demands one. */
  bearerToken?: string;
  /** Called when the server refuses the token, or wants one. */
  onUnauthenticated?: () => void;
}

/** Makes the client for this page's own origin: app://desk or the server that the web face came from. */
export function createClient({
  deskToken,
  bearerToken,
  onUnauthenticated,
}: ClientOptions = {}): ApolloClient {
  const headers: Record<string, string> = {};
  if (deskToken) headers['x-desk-token'] = deskToken;
  if (bearerToken) headers.authorization = `Bearer ${bearerToken}`;
  const http: ApolloLink = new HttpLink({ uri: '/graphql', headers, fetch: fetchAndHearClock });
  const watchTokens = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) onUnauthenticated?.();
  });
  // A browser breaks off all requests when the computer's network changes, those to this computer too.
  const askAgain = new RetryLink({
    delay: { initial: 100 },
    attempts: {
      max: 4,
      retryIf: (error, operation) => error instanceof TypeError && isRepeatable(operation),
    },
  });
  const client = new ApolloClient({
    link: watchTokens.concat(askAgain).concat(http),
    // What its answers hang on would stay for each ticket of a list that was scrolled through, some 3 KB, evicted or not.
    cache: new InMemoryCache({ resultCaching: false }),
    // The list reads page by page and the live changes keep it true: nothing refetches by itself.
    defaultOptions: { watchQuery: { nextFetchPolicy: 'cache-first' } },
  });
  admissions.set(client, headers);
  return client;
}

const fetchAndHearClock: typeof fetch = async (...request) => {
  const askedAtMs = Date.now();
  const answer = await fetchUnlessSilent(...request);
  hearServersClock(answer.headers.get('date'), askedAtMs);
  return answer;
};

const admissions = new WeakMap<ApolloClient, Readonly<Record<string, string>>>();

/** What admits its requests: for what goes to the same server beside GraphQL. */
export function admissionOf(client: ApolloClient): Readonly<Record<string, string>> {
  return admissions.get(client) ?? {};
}

/** Whether asking twice does no more than asking once: what carries a requestId is done once. */
function isRepeatable({ operationType, variables }: ApolloLink.Operation): boolean {
  if (operationType === OperationTypeNode.MUTATION) return variables.input?.requestId !== undefined;
  // The live feed begins anew by itself.
  return operationType === OperationTypeNode.QUERY;
}

/** Whether the server wants a token, or refuses the one it got. */
export function isUnauthenticated(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  return readFailure(error).code === 'UNAUTHENTICATED';
}
