/** Agents of one team, each at a desk of their own whose link goes through a relay and can be cut. */
import { startRelay } from '../../backend/testing/relay.ts';
import { endDesk, expectConnected, launchDesk, type RunningDesk, restPointer } from './harness.ts';
import { type AgentName, startTeamServer, type TeamServer } from './team-server.ts';

interface TeamDesk extends RunningDesk {
  /** Resolves once the window says that it is offline. */
  cut(): Promise<void>;
  /** Resolves once the window says that it is connected. */
  mend(): Promise<void>;
}

interface Office {
  team: TeamServer;
  stop(): Promise<void>;
}

export type TeamDesks<Name extends AgentName> = Office & Readonly<Record<Name, TeamDesk>>;

/** For a suite, which stops them. All windows are connected and say so. */
export async function startTeamDesks<Name extends AgentName>(...names: Name[]): Promise<TeamDesks<Name>> {
  const team = await startTeamServer();
  const started = await Promise.all(names.map((name) => startTeamDesk(team, name)));
  const desks = Object.fromEntries(started.map(({ desk }, at) => [names[at], desk])) as Record<
    Name,
    TeamDesk
  >;
  return {
    ...desks,
    team,
    async stop() {
      await Promise.all(started.map(({ stop }) => stop()));
      await team.stop();
    },
  };
}

async function startTeamDesk(team: TeamServer, name: AgentName) {
  const relay = await startRelay({ to: team.service });
  const address = relay.address.replace('127.0.0.1', 'localhost');
  const env = { GRPC_ADDRESS: address, GRPC_TLS_CA: team.caFile, API_TOKEN: team.agentTokens[name] };
  const running = await launchDesk({ env, keepForSuite: true });
  await expectConnected(running);
  await restPointer(running.page);
  const desk: TeamDesk = {
    ...running,
    async cut() {
      await relay.cut('refuse');
      await running.page.getByText(/^offline since/).waitFor({ timeout: 40_000 });
    },
    async mend() {
      await relay.mend();
      await running.page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
    },
  };
  return {
    desk,
    async stop() {
      await endDesk(running);
      await relay.close();
    },
  };
}
