/**
 * `npm run stack`: Postgres, Redis and NSQ for development, until Ctrl+C. What is in them goes with them. Standard
 * output has the environment to use, and nothing else.
 */
import { startTeamPostgres } from '../backend/testing/postgres.ts';
import { startTestNsqd, startTestNsqlookupd, startTestRedis } from '../backend/testing/services.ts';
import { onStopSignal } from './child.ts';
import { demandServices, sweepServices } from './services.ts';
import { say } from './terminal.ts';

const stopped = new Promise<void>((resolve) => {
  onStopSignal(() => resolve());
});
const started: { stop(): Promise<void> }[] = [];

async function keep<Service extends { stop(): Promise<void> }>(starting: Promise<Service>): Promise<Service> {
  const service = await starting;
  started.push(service);
  return service;
}

/** What the parts read, as lines for a shell. */
async function startAll(): Promise<string[]> {
  const [postgres, redis, lookupd] = await Promise.all([
    keep(startTeamPostgres()),
    keep(startTestRedis()),
    keep(startTestNsqlookupd()),
  ]);
  const nsqd = await keep(startTestNsqd({ args: [`--lookupd-tcp-address=${lookupd.nsqdAddress}`] }));
  return [
    `POSTGRES_URL=${await postgres.createDatabase()}`,
    `REDIS_URL=${redis.url}`,
    `NSQD_TCP_ADDRESS=${nsqd.tcpAddress}`,
    `NSQLOOKUPD_HTTP_ADDRESSES=${lookupd.httpAddress}`,
  ];
}

await demandServices();

try {
  const environment = await Promise.race([startAll(), stopped]);
  for (const line of environment ?? []) console.log(`export ${line}`);
  if (environment) {
    say('Ready. With these lines set, in two other terminals: npm run ticket-service, and npm run proxy');
    say('Ctrl+C stops it and removes everything in it.');
  }
  await stopped;
} finally {
  await Promise.all(started.map((service) => service.stop()));
  await sweepServices();
}
say('Stopped.');
process.exit();
