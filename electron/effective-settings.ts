/** What is in force: the settings, over them the organisation's file, and over that what the environment says. */
import type { DesktopConfig, NsqConfig, ServiceLinkConfig, TlsFiles } from '../backend/config.ts';
import type {
  DeskSettings,
  Lock,
  SettingsField,
  TeamSettings,
  UpdatePolicy,
} from '../proto/desktop-bridge.ts';
import type { Managed } from './managed/managed-file.ts';

/** All that goes before the settings: the environment, and the organisation's file where there is one. */
export interface Rules extends DesktopConfig {
  managed?: Pick<Managed, 'fields' | 'file'> | null;
}

/** The variables that set a field; the first one that is set locks it. */
const variables: Readonly<Record<SettingsField, readonly string[]>> = {
  profile: ['TICKET_DESK_PROFILE', 'GRPC_ADDRESS'],
  ticketServiceAddress: ['GRPC_ADDRESS'],
  tls: ['GRPC_TLS', 'GRPC_TLS_CA', 'GRPC_TLS_CERT', 'GRPC_TLS_KEY'],
  caFile: ['GRPC_TLS_CA'],
  certFile: ['GRPC_TLS_CERT'],
  keyFile: ['GRPC_TLS_KEY'],
  token: ['API_TOKEN'],
  nsqdAddress: ['NSQD_TCP_ADDRESS'],
  nsqdTls: ['NSQ_TLS', 'NSQ_TLS_CA', 'NSQ_TLS_CERT', 'NSQ_TLS_KEY'],
  updates: ['TICKET_DESK_UPDATES'],
};

/** Which fields are set for the person, and by what. */
export function lockedFields(config: Rules): Partial<Record<SettingsField, Lock>> {
  const { managed } = config;
  const locked: Partial<Record<SettingsField, Lock>> = {};
  for (const field of Object.keys(variables) as SettingsField[]) {
    const variable = variables[field].find((name) => config.given.includes(name));
    if (variable) locked[field] = { variable };
    else if (managed && field in managed.fields) locked[field] = { file: managed.file };
  }
  return locked;
}

/** The settings with each locked field as the organisation has it. */
export function inForce(settings: DeskSettings, config: Rules): DeskSettings {
  const { grpcAddress, grpcTls, nsq } = config;
  const { profile: managedProfile, updates: _, ...managedTeam } = config.managed?.fields ?? {};
  const below: TeamSettings = { ...settings.team, ...managedTeam };
  const team: TeamSettings = {
    ...below,
    ...(grpcAddress !== undefined && { ticketServiceAddress: grpcAddress }),
    ...(grpcTls && {
      tls: true,
      caFile: grpcTls.ca ?? below.caFile,
      certFile: grpcTls.cert ?? below.certFile,
      keyFile: grpcTls.key ?? below.keyFile,
    }),
    ...(nsq.nsqdAddress !== undefined && { nsqdAddress: nsq.nsqdAddress }),
    ...(nsq.tls && { nsqdTls: true }),
  };
  const fromAddress = grpcAddress === undefined ? undefined : 'team';
  return { profile: config.profile ?? fromAddress ?? managedProfile ?? settings.profile, team };
}

/** Whether updates are looked for. */
export function updatesInForce(settings: { updates: UpdatePolicy }, config: Rules): UpdatePolicy {
  return config.updates ?? config.managed?.fields.updates ?? settings.updates;
}

/** What was saved, without what was set for the person when it was. */
export function withoutLocked(wanted: DeskSettings, saved: DeskSettings, config: Rules): DeskSettings {
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
