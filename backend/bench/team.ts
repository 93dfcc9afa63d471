/** A team's stack on this machine, durable as in production: Postgres, Redis, nsqd, a ticket service, a proxy. */
import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { Writer } from 'nsqjs';
import { makeDataDir, until } from '../testing/desk-process.ts';
import { askGraphql } from '../testing/graphql.ts';
import { startTestPostgres } from '../testing/postgres.ts';
import { spawnProgram } from '../testing/program.ts';
import { findServicePort } from '../testing/service-ports.ts';
import { startTestNsqd, startTestRedis } from '../testing/services.ts';
import { openPool, queryAt } from '../testing/test-database.ts';
import type { BareParts } from './throughput.ts';

export interface TeamUnderLoad {
  graphqlUrl: string;
  parts: Required<BareParts>;
  stop(): Promise<void>;
}

/** @param options.bundleDir where the programs' bundles are */
export async function startTeam(options: { bundleDir: string }): Promise<TeamUnderLoad> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  const keep = async <Part extends { stop(): Promise<unknown> }>(starting: Promise<Part>) => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  try {
    const postgres = await keep(startTestPostgres({ overTcp: true }));
    const redis = await keep(startTestRedis());
    // Synced as often as in docker-compose.yml, which leaves nsqd its default: the outbox keeps what nsqd may lose.
    const nsqd = await keep(startTestNsqd({ args: ['--sync-every=2500'] }));
    const postgresUrl = await postgres.createDatabase();
    // Tests go without, for speed; here it is what is measured.
    await queryAt(postgresUrl, 'alter system set fsync = on');
    await queryAt(postgresUrl, 'select pg_reload_conf()');
    const run = async (program: 'proxy' | 'ticket-service', env: Record<string, string>) => {
      const { child, log } = await spawnProgram({
        program,
        bundleDir: options.bundleDir,
        env: { LOG_LEVEL: 'warn', NSQD_TCP_ADDRESS: nsqd.tcpAddress, ...env },
      });
      stops.push(() => {
        child.kill('SIGTERM');
        return log.closed;
      });
      return await log.ready;
    };
    const grpcAddress = `127.0.0.1:${await findServicePort()}`;
    await run('ticket-service', {
      GRPC_ADDRESS: grpcAddress,
      POSTGRES_URL: postgresUrl,
      REDIS_URL: redis.url,
    });
    const dataDir = await makeDataDir();
    stops.push(() => rm(dataDir, { recursive: true, force: true }));
    const url = await run('proxy', { DATA_DIR: dataDir, PORT: '0', GRPC_ADDRESS: grpcAddress });
    await until(async () => {
      const { data } = await askGraphql<{ healthCheck: string }>(url, '{ healthCheck }');
      return data?.healthCheck === 'success';
    });
    const parts = await openParts({ postgresUrl, redisUrl: redis.url, nsqdAddress: nsqd.tcpAddress });
    stops.push(parts.close);
    return { graphqlUrl: new URL('/graphql', url).href, parts, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** The parts alone, by their own client libraries. */
async function openParts(options: {
  postgresUrl: string;
  redisUrl: string;
  nsqdAddress: string;
}): Promise<Required<BareParts> & { close(): Promise<void> }> {
  const pool = openPool({ connectionString: options.postgresUrl, max: 16 });
  const redis = new Redis(options.redisUrl);
  await redis.set('bench', 'x'.repeat(300));
  const [host = '', port] = options.nsqdAddress.split(':');
  const writer = new Writer(host, Number(port));
  writer.connect();
  await new Promise<void>((resolve, reject) => {
    writer.once('ready', resolve);
    writer.once('error', reject);
  });
  return {
    pool,
    get: () => redis.get('bench'),
    // A topic of its own: nobody takes what is published here.
    publish: (body) =>
      new Promise((resolve, reject) => {
        writer.publish('bench', body, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      writer.close();
      redis.disconnect();
      await pool.end();
    },
  };
}
