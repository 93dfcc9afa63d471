/** Speaks to a running stack as its users do: GraphQL by HTTP, gRPC, and plain bodies published to nsqd. */
import { credentials, Metadata, status } from '@grpc/grpc-js';
import type { ComposeProject } from './compose-project.ts';

export interface Listed {
  id: number;
  title: string;
  status: string;
}

export interface StackClient {
  readonly token: string;
  /** @throws on anything but data. */
  graphql<T>(query: string, variables?: object): Promise<T>;
  /** Whatever comes, within a minute. */
  answer(query: string): Promise<{ status: number; text: string }>;
  /** Without the token; answers the HTTP status and the error's code. */
  graphqlAsStranger(): Promise<string>;
  /** Answers the request id once the create is accepted. */
  file(title: string, requestId?: string): Promise<string>;
  /** Of all tickets whose title begins so. */
  titled(prefix: string): Promise<Listed[]>;
  /** A body without a request id, as an older producer writes it. */
  publish(title: string): Promise<void>;
  /** How many consumers nsqd has on the channel. */
  consumers(): Promise<number>;
}

/** Posts what comes on standard input to the address in its argument, and prints the answer. */
const askScript = `
  const body = require('node:fs').readFileSync(0);
  fetch(process.argv[1], body.length ? { method: 'POST', body } : {}).then(async (answer) => {
    console.log(await answer.text());
    process.exit(answer.ok ? 0 : 1);
  });`;

/** Addresses and token are asked for anew: a port may be another one after a start. */
export async function stackClient(project: ComposeProject): Promise<StackClient> {
  // As docker-compose.yml tells a person to.
  const token = (await project.compose(['exec', '-T', 'proxy', 'cat', '/run/secrets/api-token']))
    .toString()
    .trim();
  const admitted = { authorization: `Bearer ${token}` };
  const web = () => project.address('proxy', 4000);
  /** nsqd's HTTP asks nobody who they are, so it is not on this computer: asked from inside. */
  const askNsqd = (path: string, body = '') =>
    project.compose(['exec', '-T', 'proxy', 'node', '--eval', askScript, `http://nsqd:4151${path}`], {
      input: body,
    });

  async function post(
    body: object,
    headers: Record<string, string>,
    { timeoutMs = 10_000 } = {},
  ): Promise<Response> {
    return await fetch(`http://${await web()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  async function graphql<T>(query: string, variables: object = {}): Promise<T> {
    const response = await post({ query, variables }, admitted);
    const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (!data || errors) throw new Error(`GraphQL answered ${response.status}: ${errors?.[0]?.message}`);
    return data;
  }

  return {
    token,
    graphql,
    async answer(query) {
      const response = await post({ query }, admitted, { timeoutMs: 60_000 });
      return { status: response.status, text: await response.text() };
    },
    async graphqlAsStranger() {
      const response = await post({ query: '{ tickets { title } }' }, {});
      const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
      return `${response.status} ${errors?.[0]?.extensions.code}`;
    },
    async file(title, requestId) {
      const input = { title, description: 'Is it there?', name: 'compose-smoke', requestId };
      const { createTicket } = await graphql<{ createTicket: { success: boolean; requestId: string } }>(
        'mutation ($input: NewTicket!) { createTicket(input: $input) { success requestId } }',
        { input },
      );
      if (!createTicket.success) throw new Error('createTicket did not succeed');
      return createTicket.requestId;
    },
    async titled(prefix) {
      const { tickets } = await graphql<{ tickets: Listed[] }>('{ tickets { id title status } }');
      return tickets.filter(({ title }) => title.startsWith(prefix));
    },
    async publish(title) {
      const body = JSON.stringify({ title, description: 'From an older producer', name: 'compose-smoke' });
      await askNsqd('/pub?topic=ticketCreate', body);
    },
    async consumers() {
      const answer = await askNsqd('/stats?format=json&topic=ticketCreate');
      const { topics } = JSON.parse(answer.toString()) as {
        topics: { channels: { channel_name: string; clients: unknown[] | null }[] }[];
      };
      const channel = topics[0]?.channels.find(({ channel_name }) => channel_name === 'Create');
      return channel?.clients?.length ?? 0;
    },
  };
}

export interface ServiceClient {
  list(): Promise<Listed[]>;
  setStatus(id: number, status: string): Promise<boolean>;
  close(): void;
}

/** One ticket service by its own port. @param token undefined: as a stranger */
export async function serviceClient(address: string, token: string | undefined): Promise<ServiceClient> {
  // Generated code, which a clone has only once something was bundled.
  const { TicketServiceClient } = await import('../../proto/contract-package.ts');
  const stub = new TicketServiceClient(address, credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  const call = () => ({ deadline: Date.now() + 10_000 });
  return {
    list: () =>
      new Promise((resolve, reject) =>
        stub.getTicketList({}, metadata, call(), (error, answer) =>
          error ? reject(new Error(status[error.code])) : resolve(answer?.tickets ?? []),
        ),
      ),
    setStatus: (id, newStatus) =>
      new Promise((resolve, reject) =>
        stub.updateTicket({ id, status: newStatus }, metadata, call(), (error, answer) =>
          error ? reject(new Error(status[error.code])) : resolve(answer?.success ?? false),
        ),
      ),
    close: () => stub.close(),
  };
}
