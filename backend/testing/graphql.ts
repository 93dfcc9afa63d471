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

export async function askGraphql<Data>(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return await response.json();
}
