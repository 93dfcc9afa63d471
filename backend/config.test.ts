import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseHost } from './config/listen-host.ts';
import {
  inheritedEnvironment,
  readDesktopConfig,
  readProxyConfig,
  readServeConfig,
  readTicketServiceConfig,
  tidyEnvironment,
} from './config.ts';
import { DeskError } from './errors.ts';
import { isLoopback, isRebound } from './loopback.ts';
import { testFolder } from './testing/test-folder.ts';

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
      setBy: ['HOST=::1', 'PORT=8080', 'DATA_DIR=/srv/desk'],
      host: '::1',
      port: 8080,
      apiTokens: [goodToken, `another-${goodToken}`],
      apiToken: undefined,
      grpcAddress: 'tickets.example.com:50051',
      grpcTls: undefined,
      nsq: undefined,
      logLevel: 'info',
      metrics: undefined,
      tracesTo: undefined,
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
      redisUrl: undefined,
      nsq: undefined,
      grpcAddress: 'unix:/run/x',
      grpcTls: undefined,
      apiTokens: [],
      logLevel: 'info',
      metrics: undefined,
      tracesTo: undefined,
    });
  });

  it('takes no address for a URL in which a password ends too early, and tells no password', () => {
    const problem = (set: Record<string, string>) =>
      refusalOf(() => readTicketServiceConfig({ POSTGRES_URL: 'postgresql:///t?host=/run', ...set })).message;
    for (const name of ['POSTGRES_URL', 'REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT']) {
      const scheme = { POSTGRES_URL: 'postgresql', REDIS_URL: 'redis' }[name] ?? 'http';
      const told = problem({ [name]: `${scheme}://user:pass/word@host:5432/x` });
      expect(told).toContain(`${name} is no URL: what a password has of /`);
      expect(told).not.toContain('word@');
    }
    for (const address of [
      'postgresql://u:p%40@/t?host=/run',
      'postgresql://u:a b@%2Frun/t',
      'postgres://h',
    ]) {
      expect(readTicketServiceConfig({ POSTGRES_URL: address }).postgresUrl).toBe(address);
    }
  });

  it('tells of a team’s queue, cache and certificates', () => {
    const config = readTicketServiceConfig({
      POSTGRES_URL: 'postgresql://localhost/t',
      REDIS_URL: 'redis://cache:6379',
      NSQLOOKUPD_HTTP_ADDRESSES: 'a:4161, b:4161',
      NSQ_TLS: '1',
      GRPC_TLS_CERT: '/etc/cert.pem',
      GRPC_TLS_KEY: '/etc/key.pem',
      METRICS_PORT: '9464',
    });
    expect(config).toMatchObject({
      redisUrl: 'redis://cache:6379',
      nsq: {
        nsqdAddress: undefined,
        lookupdAddresses: ['a:4161', 'b:4161'],
        topic: 'ticketCreate',
        channel: 'Create',
        tls: {},
        authSecret: undefined,
      },
      grpcTls: { cert: '/etc/cert.pem', key: '/etc/key.pem' },
      metrics: { host: '127.0.0.1', port: 9464 },
    });
  });

  it('takes addresses that need no token, and none that is wild', () => {
    const read = (text: string) =>
      readTicketServiceConfig({ POSTGRES_URL: 'postgresql://x', GRPC_ADMIT_WITHOUT_TOKEN: text });
    expect(read('10.0.0.7, 10.1.0.0/24').admitWithoutToken).toEqual(['10.0.0.7', '10.1.0.0/24']);
    expect(read('').admitWithoutToken).toBeUndefined();
    for (const wild of ['*', '0.0.0.0/0', '10.0.0.7, ::/0', 'proxy.example.org']) {
      expect(refusalOf(() => read(wild)).message).toContain('GRPC_ADMIT_WITHOUT_TOKEN has ');
    }
  });

  it('reads a variable from the file that stands for it, and from one of the two alone', async () => {
    const folder = testFolder();
    const file = path.join(folder, 'tokens');
    await writeFile(file, `# Ada's\n${goodToken}\n\nanother-${goodToken}\n`);
    const set = { POSTGRES_URL: 'postgresql://localhost/t', API_TOKENS_FILE: file };
    expect(readTicketServiceConfig(set).apiTokens).toEqual([goodToken, `another-${goodToken}`]);
    expect(refusalOf(() => readTicketServiceConfig({ ...set, API_TOKENS: goodToken })).message).toMatch(
      /API_TOKENS and API_TOKENS_FILE are both set/,
    );
    expect(refusalOf(() => readTicketServiceConfig({ ...set, API_TOKENS_FILE: '/no/such' })).message).toMatch(
      /API_TOKENS_FILE can't be read \(ENOENT\)/,
    );
    await writeFile(file, 'short');
    expect(refusalOf(() => readTicketServiceConfig(set)).message).toContain(
      'What API_TOKENS_FILE names needs at least 16 characters',
    );
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example.com', false],
    ['[::1]', true],
  ])('takes %s for this computer alone: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  it('names what is missing of a certificate and its key, on either way', () => {
    for (const prefix of ['GRPC_TLS', 'NSQ_TLS']) {
      const nsqd = { NSQD_TCP_ADDRESS: '127.0.0.1:4150' };
      const half = refusalOf(() => readProxyConfig({ ...nsqd, [`${prefix}_CERT`]: '/cert.pem' }));
      expect(half).toMatchObject({ code: 'BAD_USER_INPUT', field: `${prefix}_KEY` });
      const other = refusalOf(() => readProxyConfig({ ...nsqd, [`${prefix}_KEY`]: '/key.pem' }));
      expect(other.message).toContain(`${prefix}_CERT is not`);
    }
  });

  it('takes tokens as they are or as digests, and names the variable of one that is neither', () => {
    const hashed = `Ada's desk:sha256:${'0'.repeat(64)}:2026-12-31`;
    expect(readServeConfig({ API_TOKENS: `${goodToken},${hashed}` }).apiTokens).toEqual([goodToken, hashed]);
    const refusal = refusalOf(() => readServeConfig({ API_TOKENS: `Ada:sha256:${'0'.repeat(63)}` }));
    expect(refusal.message).toContain('API_TOKENS has an entry that is not name:sha256:');
  });
});

describe('what a shell holds for other programs', () => {
  const shell = {
    PATH: '/bin',
    HOME: '/home/ada',
    PGSSLMODE: 'require',
    PGOPTIONS: '-c search_path=app',
    PGDATA: '/var/lib/pg',
    NODE_OPTIONS: '--openssl-legacy-provider',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    ELECTRON_RUN_AS_NODE: '1',
    LD_LIBRARY_PATH: '/opt/conda/lib',
    LC_ALL: 'xx_XX',
    TZ: 'Nowhere',
    DEBUG: '*',
    APOLLO_KEY: 'service:key',
    GRPC_TRACE: 'all',
    NODE_PG_FORCE_NATIVE: '1',
    LIBC: 'musl',
    npm_config_arch: 'arm64',
    CLASSIC_LEVEL_PREBUILD: '/nowhere',
    http_proxy: 'http://proxy:3128',
    COMPOSE_PROJECT_NAME: 'shop',
    DOCKER_HOST: 'ssh://far',
    WEB_PORT: '4001',
    API_TOKENS: goodToken,
    POSTGRES_URL_FILE: 'x',
    GRPC_ADDRESS: 'tickets:50051',
  };

  it('reaches what is started here only where it is named', () => {
    const every = { PATH: '/bin', HOME: '/home/ada' };
    expect(inheritedEnvironment('program', shell)).toEqual(every);
    expect(inheritedEnvironment('runtime', shell)).toEqual({ ...every, LD_LIBRARY_PATH: '/opt/conda/lib' });
    expect(inheritedEnvironment('docker', shell)).toEqual({
      ...every,
      DOCKER_HOST: 'ssh://far',
      http_proxy: 'http://proxy:3128',
      WEB_PORT: '4001',
    });
  });

  it('is no word to our own libraries', () => {
    const tidied: NodeJS.ProcessEnv = { ...shell };
    tidyEnvironment(tidied);
    const { PGSSLMODE, PGOPTIONS, PGDATA, NODE_TLS_REJECT_UNAUTHORIZED, DEBUG, ...rest } = shell;
    const { APOLLO_KEY, GRPC_TRACE, NODE_PG_FORCE_NATIVE, LIBC, npm_config_arch, ...others } = rest;
    const { CLASSIC_LEVEL_PREBUILD, ...kept } = others;
    expect(tidied).toEqual(kept);
  });

  it.each([
    ['gone', '/nowhere'],
    ['relative', 'backend'],
    ['too deep for a socket', `${process.cwd()}${'/'.repeat(80)}`],
  ])('names no temporary folder that is %s', (_name, TMPDIR) => {
    const tidied: NodeJS.ProcessEnv = { HOME: '/home/ada', TMPDIR };
    tidyEnvironment(tidied);
    expect(tidied).toEqual({ HOME: '/home/ada' });
  });

  it('names no folder that is not absolute, and no home that is none', () => {
    const tidied: NodeJS.ProcessEnv = { HOME: '', XDG_DATA_HOME: '', XDG_CONFIG_HOME: 'here', TMPDIR: '.' };
    tidyEnvironment(tidied);
    expect(tidied).toEqual({ HOME: userInfo().homedir });
  });

  it.each([
    ['empty', { XDG_DATA_HOME: '' }],
    ['relative', { XDG_DATA_HOME: 'share' }],
    ['absent', {}],
  ])('leaves the data folder in the home where XDG_DATA_HOME is %s', (_name, environment) => {
    for (const HOME of ['', 'relative', undefined]) {
      const usual = path.join(userInfo().homedir, '.local', 'share', 'ticket-desk');
      expect(readServeConfig({ ...environment, HOME }).dataDir).toBe(usual);
    }
    expect(readServeConfig({ ...environment, HOME: '/home/ada' }).dataDir).toBe(
      '/home/ada/.local/share/ticket-desk',
    );
    expect(readServeConfig({ XDG_DATA_HOME: '/data' }).dataDir).toBe('/data/ticket-desk');
  });

  it.each(['~/desk', 'desk', './desk', '~'])('is no data folder: %s', (DATA_DIR) => {
    for (const read of [readServeConfig, readProxyConfig, readDesktopConfig]) {
      expect(refusalOf(() => read({ DATA_DIR })).message).toContain('DATA_DIR must be an absolute path');
    }
  });

  it('names a level of the log in any case', () => {
    expect(readServeConfig({ LOG_LEVEL: 'WARN' }).logLevel).toBe('warn');
  });

  it.each([
    ['box', 'box'],
    ['BOX', 'box'],
    ['box.lan', 'box'],
    ['box', 'box.lan'],
    ['x86_64-conda-linux-gnu', 'box'],
    ['x86_64-conda_cos6-linux-gnu', 'box'],
    ['arm64-apple-darwin20.0.0', 'box'],
  ])('is no wish to be reached by others: HOST=%s on %s', (host, ownName) => {
    const chosen = chooseHost(host, ownName);
    expect(chosen.host).toBe('127.0.0.1');
    expect(chosen.hostNotice).toContain(`HOST is set to ${host}`);
  });

  it.each(['0.0.0.0', '::', '127.0.0.1', '192.168.1.5', 'localhost', 'desk.example.org', 'boxer'])(
    'may be one: HOST=%s',
    (host) => expect(chooseHost(host, 'box')).toEqual({ host }),
  );
});

describe('a request under a name of somebody else', () => {
  it.each([
    ['evil.example', '127.0.0.1', true],
    ['evil.example:4000', '::1', true],
    [undefined, '127.0.0.1', true],
    ['localhost:4000', '127.0.0.1', false],
    ['[::1]:4000', '127.0.0.1', false],
    ['evil.example', '0.0.0.0', false],
  ])('%s at %s counts as rebound: %s', (header, boundTo, expected) => {
    expect(isRebound(header, boundTo)).toBe(expected);
  });
});
