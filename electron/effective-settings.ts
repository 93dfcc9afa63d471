/** What is in force: the settings, and over them what a managed installation says by the environment. */
import type { DesktopConfig, NsqConfig, ServiceLinkConfig, TlsFiles } from '../backend/config.ts';
import type { DeskSettings, SettingsField, TeamSettings } from '../proto/desktop-bridge.ts';

/** The variables that set a field; the first that is given is the one that locks it. */
const variables: Readonly<Record<SettingsField, readonly string[]>> = {
  profile: ['GRPC_ADDRESS'],
  ticketServiceAddress: ['GRPC_ADDRESS'],
  tls: ['GRPC_TLS', 'GRPC_TLS_CA', 'GRPC_TLS_CERT', 'GRPC_TLS_KEY'],
  caFile: ['GRPC_TLS_CA'],
  certFile: ['GRPC_TLS_CERT'],
  keyFile: ['GRPC_TLS_KEY'],
  token: ['API_TOKEN'],
  nsqdAddress: ['NSQD_TCP_ADDRESS'],
  nsqdTls: ['NSQ_TLS', 'NSQ_TLS_CA', 'NSQ_TLS_CERT', 'NSQ_TLS_KEY'],
};

/** Which fields the environment sets, and by which variable. */
export function lockedFields(config: DesktopConfig): Partial<Record<SettingsField, string>> {
  const locked: Partial<Record<SettingsField, string>> = {};
  for (const field of Object.keys(variables) as SettingsField[]) {
    const variable = variables[field].find((name) => config.given.includes(name));
    if (variable) locked[field] = variable;
  }
  return locked;
}

/** The settings with each locked field as the environment has it. */
export function inForce(settings: DeskSettings, config: DesktopConfig): DeskSettings {
  const { grpcAddress, grpcTls, nsq } = config;
  const team: TeamSettings = {
    ...settings.team,
    ...(grpcAddress !== undefined && { ticketServiceAddress: grpcAddress }),
    ...(grpcTls && {
      tls: true,
      caFile: grpcTls.ca ?? settings.team.caFile,
      certFile: grpcTls.cert ?? settings.team.certFile,
      keyFile: grpcTls.key ?? settings.team.keyFile,
    }),
    ...(nsq.nsqdAddress !== undefined && { nsqdAddress: nsq.nsqdAddress }),
    ...(nsq.tls && { nsqdTls: true }),
  };
  return { profile: grpcAddress === undefined ? settings.profile : 'team', team };
}

/** What was saved, without what the environment said when it was. */
export function withoutLocked(
  wanted: DeskSettings,
  saved: DeskSettings,
  config: DesktopConfig,
): DeskSettings {
  const locked = lockedFields(config);
  const team = { ...saved.team };
  for (const field of Object.keys(wanted.team) as (keyof TeamSettings)[]) {
    if (!locked[field]) Object.assign(team, { [field]: wanted.team[field] });
  }
  return { profile: locked.profile ? saved.profile : wanted.profile, team };
}

/** TLS to the ticket service; undefined: in clear. */
export function serviceTls(team: TeamSettings): TlsFiles | undefined {
  return team.tls ? tlsFiles(team) : undefined;
}

/** How to reach nsqd; undefined: creates go by gRPC. */
export function queueLink(team: TeamSettings, config: DesktopConfig): NsqConfig | undefined {
  if (team.nsqdAddress === '') return undefined;
  const tls = team.nsqdTls ? { ...tlsFiles(team), ...config.nsq.tls } : undefined;
  return { ...config.nsq, nsqdAddress: team.nsqdAddress, tls };
}

/** How to reach the team's services. @param team as it is in force */
export function teamLink(
  team: TeamSettings,
  apiToken: string | undefined,
  config: DesktopConfig,
): ServiceLinkConfig {
  return {
    grpcAddress: team.ticketServiceAddress,
    grpcTls: serviceTls(team),
    apiToken,
    nsq: queueLink(team, config),
  };
}

function tlsFiles({ caFile, certFile, keyFile }: TeamSettings): TlsFiles {
  return {
    ...(caFile && { ca: caFile }),
    ...(certFile && { cert: certFile }),
    ...(keyFile && { key: keyFile }),
  };
}
