/** The least that a call is made of, whoever builds it: an append that is on the disk, and a gRPC call that does nothing. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';

export interface LeastParts {
  /** Resolves once the bytes are on the disk itself (fdatasync). */
  append(body: Buffer): Promise<void>;
  /** Answered with what it was sent. */
  unary(body: Buffer): Promise<void>;
  close(): Promise<void>;
}

const asItIs = (body: Buffer) => body;
const echo: ServiceDefinition = {
  echo: {
    path: '/bench.Bare/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
};

/** The server is in this process too: with one client at a time, neither side ever waits for the other's thread. */
export async function openLeastParts(): Promise<LeastParts> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-bench-parts-'));
  const file = await open(join(folder, 'append'), 'a');
  const server = new Server();
  server.addService(echo, {
    echo: ({ request }: { request: Buffer }, answer: (error: null, body: Buffer) => void) =>
      answer(null, request),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    async append(body) {
      await file.write(body);
      await file.datasync();
    },
    unary: (body) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest('/bench.Bare/Echo', asItIs, asItIs, body, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    async close() {
      client.close();
      server.forceShutdown();
      await file.close();
      await rm(folder, { recursive: true });
    },
  };
}
