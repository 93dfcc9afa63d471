/** What a team runs: a ticket service with TLS and a token on a real Postgres, and nsqd in front of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeTicketService } from '../../backend/compose-ticket-service.ts';
import { readTicketServiceConfig } from '../../backend/config.ts';
import { createLogger } from '../../backend/logger.ts';
import { hashedLine } from '../../backend/secrets.ts';
import { createAuthority, writeIdentity } from '../../backend/testing/certificates.ts';
import { startTestPostgres } from '../../backend/testing/postgres.ts';
import { startTestNsqd } from '../../backend/testing/services.ts';
import { queryAt } from '../../backend/testing/test-database.ts';

export interface TeamServer {
  /** host:port of the ticket service, of nsqd, and of an nsqd's HTTP, which is neither. */
  service: string;
  nsqd: string;
  nsqdHttp: string;
  token: string;
  /** Tokens with a name, which is the agent's who works by them. */
  agentTokens: Readonly<Record<AgentName, string>>;
  /** The PEM file of who signed the service's certificate, and of somebody who did not. */
  caFile: string;
  otherCaFile: string;
  /** Asks the database, past everything else. */
  query<Row extends object>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

const agentNames = ['Ada', 'Bo', 'Di'] as const;
export type AgentName = (typeof agentNames)[number];

export async function startTeamServer(): Promise<TeamServer> {
  const stops: (() => Promise<unknown>)[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'desk-team-'));
  stops.push(() => rm(folder, { recursive: true }));
  const authority = createAuthority();
  const caFile = join(folder, 'ca.pem');
  const otherCaFile = join(folder, 'other-ca.pem');
  await writeFile(caFile, authority.certificate);
  await writeFile(otherCaFile, createAuthority('Other').certificate);
  const identity = await writeIdentity(folder, 'service', authority.issue());

  const postgres = await startTestPostgres();
  stops.push(() => postgres.stop());
  const nsqd = await startTestNsqd();
  stops.push(() => nsqd.stop());
  const token = 'the-token-of-the-team-4711';
  const agentTokens = {
    Ada: 'a-token-that-is-ada-s-own',
    Bo: 'a-token-that-is-bo-s-own',
    Di: 'a-token-that-is-di-s-own',
  };
  const postgresUrl = await postgres.createDatabase();
  const service = await composeTicketService({
    ...readTicketServiceConfig({
      POSTGRES_URL: postgresUrl,
      GRPC_ADDRESS: '127.0.0.1:0',
      GRPC_TLS_CERT: identity.cert,
      GRPC_TLS_KEY: identity.key,
      API_TOKENS: [
        token,
        ...agentNames.map((name) => hashedLine(agentTokens[name], { name, lastDay: undefined })),
      ].join(','),
      NSQD_TCP_ADDRESS: nsqd.tcpAddress,
    }),
    version: '0.1.0',
    logger: createLogger({ name: 'team', level: 'silent' }),
    signal: new AbortController().signal,
  });
  stops.push(() => service.stop());
  return {
    service: service.address.replace('127.0.0.1', 'localhost'),
    nsqd: nsqd.tcpAddress,
    nsqdHttp: nsqd.httpAddress,
    token,
    agentTokens,
    caFile,
    otherCaFile,
    query: (sql) => queryAt(postgresUrl, sql),
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}
