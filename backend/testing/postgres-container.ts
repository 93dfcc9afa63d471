/** Postgres as a team runs it, in a container, behind the same interface as the desk's own. */
import { randomBytes } from 'node:crypto';
import { startServiceContainer } from './service-container.ts';
import { findServicePort } from './service-ports.ts';
import { createDatabase, queryAt, type TestPostgres } from './test-database.ts';

const connections = 200;

export async function startPostgresContainer(image: string): Promise<TestPostgres> {
  const port = await findServicePort();
  const password = randomBytes(16).toString('hex');
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const service = await startServiceContainer(image, {
    name: 'Postgres',
    program: 'postgres',
    ports: [port],
    // Tests may lose their rows when the machine loses power.
    args: () => ['-c', `port=${port}`, '-c', `max_connections=${connections}`, '-c', 'fsync=off'],
    env: { POSTGRES_PASSWORD: password },
    isReady: async () => {
      await queryAt(url, 'select 1');
      return true;
    },
  });
  return {
    createDatabase: () => createDatabase(url),
    async kill() {
      await service.kill();
      await service.start();
    },
    stop: service.stop,
  };
}
