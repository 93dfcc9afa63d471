/**
 * Makes the secrets of the stack in docker-compose.yml at its first run, a folder for each service that needs them;
 * each folder is a volume that only that service mounts. Later runs keep what is there. Prints no secret.
 * Plain JavaScript without packages: it is all that its image holds.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];

/** Readable to whichever user the service runs as: that no other service mounts the volume is what keeps it. */
const readable = 0o444;
/** For this image's user to add to, by hand; the service mounts it so that it can't. */
const editable = 0o644;

/** Answers what the file holds; writes it when it is not there. Whole or not at all, whenever this is killed. */
function keep(name, make, mode = readable) {
  const path = join(folder, name);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const text = make();
  writeFileSync(`${path}.new`, `${text}\n`, { mode, flush: true });
  renameSync(`${path}.new`, path);
  console.log(`made ${name}`);
  return text;
}

/** 256 random bits, of characters that need no escape in an address, in SQL or in a configuration file. */
const random = () => randomBytes(32).toString('base64url');

// Of the database's superuser, for who works on the database by hand; the desk has a role of its own.
keep('postgres/password', random);
const postgresUrl = keep(
  'ticket-service/postgres-url',
  () => `postgresql://ticket_desk:${random()}@postgres:5432/tickets`,
);
const { username, password, pathname } = new URL(postgresUrl);
keep(
  'postgres/desk-role.sql',
  () =>
    `CREATE ROLE ${username} LOGIN PASSWORD '${password}';\nALTER DATABASE ${pathname.slice(1)} OWNER TO ${username};`,
);

const redisPassword = keep('redis/password', random);
keep('redis/redis.conf', () => `requirepass ${redisPassword}`);
keep('ticket-service/redis-url', () => `redis://:${redisPassword}@redis:6379`);

// The services keep digests. The token itself lies with the proxy, which shows it to the ticket services and tells them
// for whom each request comes.
const apiToken = keep('proxy/api-token', random);
const entry = `stack:sha256:${createHash('sha256').update(apiToken).digest('hex')}`;
keep('proxy/api-tokens', () => entry, editable);
keep('ticket-service/api-tokens', () => `${entry}:proxy`, editable);
