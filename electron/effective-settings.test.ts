import { expect, test } from 'vitest';
import { readDesktopConfig } from '../backend/config.ts';
import type { DeskSettings } from '../proto/desktop-bridge.ts';
import { inForce, lockedFields, teamLink, updatesInForce, withoutLocked } from './effective-settings.ts';

const saved: DeskSettings = {
  profile: 'team',
  team: {
    ticketServiceAddress: 'saved.example.org:1',
    nsqdAddress: 'saved.example.org:2',
    tls: true,
    nsqdTls: true,
    caFile: '/saved/ca.pem',
    certFile: '',
    keyFile: '',
  },
};

test('without variables the settings are in force, and nothing is locked', () => {
  const config = readDesktopConfig({});
  expect(lockedFields(config)).toEqual({});
  expect(inForce(saved, config)).toEqual(saved);
  expect(teamLink(saved.team, 'a-token', config)).toEqual({
    grpcAddress: 'saved.example.org:1',
    grpcTls: { ca: '/saved/ca.pem' },
    apiToken: 'a-token',
    nsq: {
      nsqdAddress: 'saved.example.org:2',
      lookupdAddresses: [],
      topic: 'ticketCreate',
      channel: 'Create',
      tls: { ca: '/saved/ca.pem' },
      authSecret: undefined,
    },
  });
});

test('a variable goes before its field, locks it by its name, and leaves the others', () => {
  const config = readDesktopConfig({
    GRPC_ADDRESS: 'managed.example.org:50051',
    GRPC_TLS_CA: '/managed/ca.pem',
    API_TOKEN: 'a-token-of-the-operator',
    NSQ_TOPIC: 'other',
    NSQ_AUTH_SECRET: 'hush',
  });
  expect(lockedFields(config)).toEqual({
    profile: { variable: 'GRPC_ADDRESS' },
    ticketServiceAddress: { variable: 'GRPC_ADDRESS' },
    tls: { variable: 'GRPC_TLS_CA' },
    caFile: { variable: 'GRPC_TLS_CA' },
    token: { variable: 'API_TOKEN' },
  });
  const { profile, team } = inForce({ ...saved, profile: 'this-computer' }, config);
  expect(profile).toBe('team');
  expect(team).toEqual({
    ...saved.team,
    ticketServiceAddress: 'managed.example.org:50051',
    caFile: '/managed/ca.pem',
  });
  expect(teamLink(team, undefined, config).nsq).toMatchObject({
    nsqdAddress: 'saved.example.org:2',
    topic: 'other',
    authSecret: 'hush',
  });
});

test('TLS without a file by variable is TLS with the files of the settings', () => {
  const config = readDesktopConfig({
    GRPC_TLS: '1',
    NSQD_TCP_ADDRESS: 'q:4150',
    NSQ_TLS_CA: '/queue/ca.pem',
  });
  const { team } = inForce({ ...saved, team: { ...saved.team, tls: false, nsqdTls: false } }, config);
  const link = teamLink(team, undefined, config);
  expect(link.grpcTls).toEqual({ ca: '/saved/ca.pem' });
  expect(link.nsq).toMatchObject({ nsqdAddress: 'q:4150', tls: { ca: '/queue/ca.pem' } });
});

test('what a variable said is not saved as if the person had', () => {
  const config = readDesktopConfig({ GRPC_ADDRESS: 'managed:1' });
  const shown = inForce(saved, config);
  const wanted = { ...shown, team: { ...shown.team, nsqdAddress: 'new:2' } };
  expect(withoutLocked(wanted, saved, config)).toEqual({
    profile: 'team',
    team: { ...saved.team, nsqdAddress: 'new:2' },
  });
});

test("the organisation's file goes before the settings, and the environment before that", () => {
  const file = '/etc/ticket-desk/config.json';
  const fields = {
    profile: 'team',
    ticketServiceAddress: 'file:1',
    nsqdAddress: 'file:2',
    caFile: '/file/ca.pem',
    updates: 'off',
  } as const;
  const config = { ...readDesktopConfig({ GRPC_ADDRESS: 'variable:1' }), managed: { fields, file } };
  expect(inForce({ ...saved, profile: 'docker' }, config)).toEqual({
    profile: 'team',
    team: {
      ...saved.team,
      ticketServiceAddress: 'variable:1',
      nsqdAddress: 'file:2',
      caFile: '/file/ca.pem',
    },
  });
  expect(lockedFields(config)).toEqual({
    profile: { variable: 'GRPC_ADDRESS' },
    ticketServiceAddress: { variable: 'GRPC_ADDRESS' },
    nsqdAddress: { file },
    caFile: { file },
    updates: { file },
  });
  expect(updatesInForce({ updates: 'on' }, config)).toBe('off');
  expect(updatesInForce({ updates: 'on' }, { ...config, updates: 'on' })).toBe('on');
  const wanted = { ...saved, team: { ...saved.team, nsqdAddress: 'typed:2', certFile: '/typed.pem' } };
  expect(withoutLocked({ ...wanted, profile: 'docker' }, saved, config).profile).toBe(saved.profile);
  expect(withoutLocked(wanted, saved, config).team).toEqual({ ...saved.team, certFile: '/typed.pem' });
});

test('a profile by variable goes before an address; a team needs one', () => {
  const config = readDesktopConfig({ TICKET_DESK_PROFILE: 'docker', GRPC_ADDRESS: 'variable:1' });
  expect(inForce(saved, config).profile).toBe('docker');
  const address = readDesktopConfig({ GRPC_ADDRESS: 'variable:1' });
  const managed = { fields: { profile: 'docker' }, file: '/etc/ticket-desk/config.json' } as const;
  expect(inForce(saved, { ...address, managed }).profile).toBe('team');
  expect(() => readDesktopConfig({ TICKET_DESK_PROFILE: 'team' })).toThrow(/GRPC_ADDRESS must say/);
});
