/**
 * Peers that are older than this desk, written from the contract alone and sharing no code with it:
 * five RPCs, bodies of title, description and name, a consumer that knows no requestId. The service has habits of a
 * real one, which was tried: it stores no status, drops what would refuse none, and ends when asked by id and status.
 */
import path from 'node:path';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Reader } from 'nsqjs';
import type pg from 'pg';
import { openPool } from './test-database.ts';

const contract = path.join(import.meta.dirname, '../ticket-service/testing/base.proto');
const OldTicketService = loadPackageDefinition(loadSync(contract, { defaults: true }))
  .TicketService as ServiceClientConstructor;

export interface OldTicket {
  id: number;
  title: string;
  description: string;
  name: string;
  status: string;
}

type Filed = Pick<OldTicket, 'title' | 'description' | 'name'>;

export interface OldService {
  address: string;
  /** How many creates it has taken from the queue. */
  consumed(): number;
  stop(): Promise<void>;
}

const columns = 'id, title, description, name, status';

/** @param options.nsqdTcpAddress undefined: it takes no creates from a queue */
export async function startOldService(options: {
  postgresUrl: string;
  nsqdTcpAddress?: string;
  topic?: string;
}): Promise<OldService> {
  const pool = openPool({ connectionString: options.postgresUrl, max: 4 });
  await pool.query(`create table if not exists tickets
    (id serial primary key, title text, description text, name text, status text)`);
  await pool.query('alter table tickets alter column status drop not null');
  const insert = async ({ title, description, name }: Filed): Promise<number> => {
    const { rows } = await pool.query(
      `insert into tickets (title, description, status, name) values ($1, $2, '', $3) returning id`,
      [title, description, name],
    );
    return rows[0].id;
  };
  const server = new Server();
  const die = () => server.forceShutdown();
  server.addService(OldTicketService.service, oldHandlers(pool, insert, die));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const queue = options.nsqdTcpAddress
    ? await consume(options.nsqdTcpAddress, options.topic, insert)
    : undefined;
  async function stopAll(): Promise<void> {
    await queue?.stop();
    server.forceShutdown();
    await pool.end();
  }
  let stopped: Promise<void> | undefined;
  return {
    address: `127.0.0.1:${port}`,
    consumed: () => queue?.consumed() ?? 0,
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

function oldHandlers(pool: pg.Pool, insert: (filed: Filed) => Promise<number>, die: () => void) {
  const answer =
    <Request>(rpc: (request: Request) => Promise<object>) =>
    (call: ServerUnaryCall<Request, object>, done: sendUnaryData<object>) => {
      rpc(call.request).then((response) => done(null, response), done);
    };
  return {
    HealthCheck: answer(async () => ({ success: true })),
    GetTicketList: answer(async ({ id, status }: { id: number; status: string }) => {
      if (id !== 0 && status !== '') die();
      const { rows } = await pool.query(
        `select ${columns} from tickets where ($1 = 0 or id = $1) and ($2 = '' or status = $2) order by id`,
        [id, status],
      );
      return { tickets: rows };
    }),
    CreateTicket: answer(async (filed: Filed) => ({ id: await insert(filed), success: true })),
    UpdateTicket: answer(async ({ id, status }: { id: number; status: string }) => {
      const { rowCount } = await pool.query('update tickets set status = $2 where id = $1', [id, status]);
      return { id, success: rowCount === 1 };
    }),
    DeleteTicket: answer(async ({ id }: { id: number }) => {
      const { rowCount } = await pool.query('delete from tickets where id = $1', [id]);
      return { id, success: rowCount === 1 };
    }),
  };
}

/** Resolves once it is connected. */
async function consume(
  nsqdTcpAddress: string,
  topic = 'ticketCreate',
  insert: (filed: Filed) => Promise<number>,
): Promise<{ consumed(): number; stop(): Promise<void> }> {
  let consumed = 0;
  const reader = new Reader(topic, 'Create', { nsqdTCPAddresses: [nsqdTcpAddress], maxInFlight: 1 });
  reader.on('error', () => {});
  reader.on('message', (message) => {
    insert(JSON.parse(String(message.body))).then(
      () => {
        consumed += 1;
        message.finish();
      },
      () => message.requeue(100),
    );
  });
  const connected = new Promise<void>((resolve) => reader.once('nsqd_connected', () => resolve()));
  reader.connect();
  await connected;
  return {
    consumed: () => consumed,
    stop: () =>
      new Promise((resolve) => {
        reader.once('nsqd_closed', () => resolve());
        reader.close();
      }),
  };
}

export interface OldProxy {
  /** Resolves at nsqd's OK. */
  publish(filed: Filed): Promise<void>;
  create(filed: Filed): Promise<number>;
  list(filter?: { id?: number; status?: string }): Promise<OldTicket[]>;
  update(id: number, status: string): Promise<boolean>;
  delete(id: number): Promise<boolean>;
  close(): void;
}

/** What an older proxy asks of a ticket service and sends to the queue. */
export function connectOldProxy(options: {
  address: string;
  nsqdHttpAddress?: string;
  topic?: string;
}): OldProxy {
  const { address, nsqdHttpAddress, topic = 'ticketCreate' } = options;
  const client = new OldTicketService(address, credentials.createInsecure()) as Client &
    Record<string, (request: object, options: object, done: (error: unknown, answer: never) => void) => void>;
  const call = <Answer>(rpc: string, request: object) =>
    new Promise<Answer>((resolve, reject) => {
      client[rpc]?.(request, { deadline: Date.now() + 10_000 }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  return {
    async publish({ title, description, name }) {
      const body = JSON.stringify({ title, description, name });
      const response = await fetch(`http://${nsqdHttpAddress}/pub?topic=${topic}`, { method: 'POST', body });
      if (!response.ok) throw new Error(`nsqd answers ${response.status}`);
    },
    create: async (filed) => (await call<{ id: number }>('CreateTicket', filed)).id,
    list: async (filter = {}) => (await call<{ tickets: OldTicket[] }>('GetTicketList', filter)).tickets,
    update: async (id, status) => (await call<{ success: boolean }>('UpdateTicket', { id, status })).success,
    delete: async (id) => (await call<{ success: boolean }>('DeleteTicket', { id })).success,
    close: () => client.close(),
  };
}
