/** The thinnest GraphQL caller there is: keep-alive HTTP, so that the figures are the desk's and not a client library's. */
import { Agent, request } from 'node:http';
import { callerHeaders } from '../testing/graphql.ts';

export interface GraphqlCaller {
  call<Data>(query: string, variables: object): Promise<Data>;
  close(): void;
}

/** @throws Error when the answer is not 200 or holds GraphQL errors. */
export function graphqlCaller(url: string, clients: number): GraphqlCaller {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const post = (body: string) =>
    new Promise<string>((resolve, reject) => {
      const outgoing = request(
        url,
        {
          agent,
          method: 'POST',
          headers: { ...callerHeaders, 'content-length': Buffer.byteLength(body) },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            if (incoming.statusCode === 200) resolve(text);
            else reject(new Error(`${url} answered ${incoming.statusCode}: ${text}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    async call<Data>(query: string, variables: object) {
      const answer = JSON.parse(await post(JSON.stringify({ query, variables }))) as {
        data: Data;
        errors?: { message: string }[];
      };
      if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join('; '));
      return answer.data;
    },
    close: () => agent.destroy(),
  };
}
