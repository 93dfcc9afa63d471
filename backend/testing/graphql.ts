/** GraphQL over HTTP, as any client sends it. */

export interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

/** Something that answers GraphQL. */
export interface GraphqlServer {
  /** Sends one operation. @throws TypeError when nobody answers. */
  graphql<Data>(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer<Data>>;
}

/** What spawnProgram() has `serve` and `proxy` admit, where a test says nothing else. */
export const testToken = 'the-token-of-tests';
export const callerHeaders = {
  'content-type': 'application/json',
  authorization: `Bearer ${testToken}`,
};

export async function askGraphql<Data>(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: callerHeaders,
    body: JSON.stringify({ query, variables }),
  });
  return await response.json();
}
