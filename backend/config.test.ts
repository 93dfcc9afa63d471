import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  inheritedEnvironment,
  isLoopback,
  readProxyConfig,
  readServeConfig,
  readTicketServiceConfig,
} from './config.ts';
import { DeskError } from './errors.ts';

const goodToken = 'a-token-of-enough-characters';

function refusalOf(read: () => unknown): DeskError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof DeskError) return thrown;
    throw thrown;
  }
  throw new Error('was not refused');
}

describe('the environment', () => {
  it('may be empty for a desk, which then listens on this computer alone', () => {
    const config = readServeConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 4000, apiTokens: [], logLevel: 'info' });
    expect(path.isAbsolute(config.dataDir)).toBe(true);
    expect(path.basename(config.dataDir)).toBe('ticket-desk');
  });

  it('is read as given, with an empty variable as one that is not set', () => {
    const config = readProxyConfig({
      DATA_DIR: '/srv/desk',
      HOST: '::1',
      PORT: ' 8080 ',
      API_TOKENS: `${goodToken}, another-${goodToken},`,
      API_TOKEN: '',
      GRPC_ADDRESS: 'tickets.example.com:50051',
      LOG_LEVEL: '',
    });
    expect(config).toEqual({
      dataDir: path.resolve('/srv/desk'),
      host: '::1',
      port: 8080,
      apiTokens: [goodToken, `another-${goodToken}`],
      apiToken: undefined,
      grpcAddress: 'tickets.example.com:50051',
      logLevel: 'info',
    });
  });

  it('names every bad variable at once, and no value', () => {
    const error = refusalOf(() =>
      readProxyConfig({
        PORT: '70000',
        HOST: 'not a host',
        API_TOKENS: 'hunter2',
        API_TOKEN: 'with space in the middle',
        GRPC_ADDRESS: 'nowhere',
        LOG_LEVEL: 'loud',
      }),
    );
    expect(error.code).toBe('BAD_USER_INPUT');
    for (const name of ['PORT', 'HOST', 'API_TOKENS', 'API_TOKEN', 'GRPC_ADDRESS', 'LOG_LEVEL']) {
      expect(error.message).toMatch(new RegExp(`\\b${name} (must|needs|may)`));
    }
    expect(error.message).not.toContain('hunter2');
  });

  it('must tell a ticket service where its database is', () => {
    expect(refusalOf(() => readTicketServiceConfig({})).message).toMatch(
      /POSTGRES_URL is not set: .*postgresql:/,
    );
    expect(refusalOf(() => readTicketServiceConfig({ POSTGRES_URL: 'mysql://x' })).message).toMatch(
      /postgresql:/,
    );
    expect(
      readTicketServiceConfig({ POSTGRES_URL: 'postgresql://localhost/t', GRPC_ADDRESS: 'unix:/run/x' }),
    ).toEqual({
      postgresUrl: 'postgresql://localhost/t',
      grpcAddress: 'unix:/run/x',
      apiTokens: [],
      logLevel: 'info',
    });
  });

  it('reaches a child without the settings that are the desk’s own', () => {
    expect(
      inheritedEnvironment({ PATH: '/bin', API_TOKENS: goodToken, HOST: '0.0.0.0', HOME: undefined }),
    ).toEqual({
      PATH: '/bin',
    });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example.com', false],
  ])('takes %s for this computer alone: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
