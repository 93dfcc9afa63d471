/** Two agents of one team, each at a desk of their own; Ada's link goes through a relay and can be cut. */
import { type Relay, startRelay } from '../../backend/testing/relay.ts';
import { endDesk, expectConnected, launchDesk, type RunningDesk, restPointer } from './harness.ts';
import { type AgentName, startTeamServer, type TeamServer } from './team-server.ts';

export interface TwoDesks {
  team: TeamServer;
  ada: RunningDesk;
  bo: RunningDesk;
  /** Resolves once Ada's window says that it is offline. */
  cut(): Promise<void>;
  /** Resolves once Ada's window says that it is connected. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** For a suite, which stops them. Both windows are connected and say so. */
export async function startTwoDesks(): Promise<TwoDesks> {
  const team = await startTeamServer();
  const relay = await startRelay({ to: team.service });
  const [ada, bo] = await Promise.all([
    launchAgent(team, 'Ada', relay.address.replace('127.0.0.1', 'localhost')),
    launchAgent(team, 'Bo', team.service),
  ]);
  return {
    team,
    ada,
    bo,
    ...cutting(relay, ada),
    async stop() {
      await Promise.all([endDesk(ada), endDesk(bo)]);
      await relay.close();
      await team.stop();
    },
  };
}

async function launchAgent(team: TeamServer, name: AgentName, service: string): Promise<RunningDesk> {
  const env = { GRPC_ADDRESS: service, GRPC_TLS_CA: team.caFile, API_TOKEN: team.agentTokens[name] };
  const desk = await launchDesk({ env, keepForSuite: true });
  await expectConnected(desk);
  await restPointer(desk.page);
  return desk;
}

function cutting(relay: Relay, { page }: RunningDesk): Pick<TwoDesks, 'cut' | 'mend'> {
  return {
    async cut() {
      await relay.cut('refuse');
      await page.getByText(/^offline since/).waitFor({ timeout: 40_000 });
    },
    async mend() {
      await relay.mend();
      await page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });
    },
  };
}
