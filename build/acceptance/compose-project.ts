/** One run of docker-compose.yml under a name and on ports of its own, beside whatever else runs here. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

/** What `docker inspect` tells of a container, as far as it is used here. */
export interface ContainerInfo {
  Name: string;
  Image: string;
  State: { Pid: number; Status: string; StartedAt: string; OOMKilled: boolean; Health?: { Status: string } };
  Config: { User: string; Env: string[]; Healthcheck?: object; Labels: Record<string, string> };
  HostConfig: {
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    CapDrop: string[] | null;
    CapAdd: string[] | null;
    SecurityOpt: string[] | null;
    Memory: number;
    PidsLimit: number | null;
    RestartPolicy: { Name: string };
    LogConfig: { Config: Record<string, string> };
  };
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> };
}

export interface ComposeProject {
  /** `docker compose <args>`; answers stdout. @throws with what it wrote to stderr */
  compose(args: readonly string[], options?: { input?: Buffer | string }): Promise<Buffer>;
  /** Of one service, or of all that have been started. */
  containers(service?: string): Promise<ContainerInfo[]>;
  /** `127.0.0.1:<port>` of the host for a port of a service's container. */
  address(service: string, port: number, index?: number): Promise<string>;
  /** Kills its first process from outside, as the kernel would when memory runs out: Docker takes it for a crash. */
  kill(container: ContainerInfo): Promise<void>;
  /** Removes containers, networks, volumes and the images built. */
  remove(): Promise<void>;
}

/** @param folder that of docker-compose.yml */
export function composeProject(
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): ComposeProject {
  const anyPort = '0';
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: name,
    WEB_PORT: anyPort,
    GRPC_PORTS: anyPort,
    NSQD_TCP_PORT: anyPort,
    NSQADMIN_PORT: anyPort,
    ...environment,
  };

  async function compose(args: readonly string[], { input }: { input?: Buffer | string } = {}) {
    const running = run('docker', ['compose', ...args], { cwd: folder, env, encoding: 'buffer', maxBuffer });
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end(input);
    try {
      return (await running).stdout;
    } catch (thrown) {
      const { stderr } = thrown as { stderr?: Buffer };
      throw new Error(`docker compose ${args.join(' ')} failed:\n${stderr ?? thrown}`);
    }
  }

  async function containers(service?: string): Promise<ContainerInfo[]> {
    const args = ['ps', '--all', '--quiet', ...(service ? [service] : [])];
    const ids = (await compose(args)).toString().trim().split('\n').filter(Boolean);
    if (ids.length === 0) return [];
    return JSON.parse((await run('docker', ['inspect', ...ids], { maxBuffer })).stdout);
  }

  return {
    compose,
    containers,
    async address(service, port, index = 1) {
      return (await compose(['port', '--index', `${index}`, service, `${port}`])).toString().trim();
    },
    async kill({ State: { Pid } }) {
      // By a container: whoever may use Docker need not be allowed to kill on the host.
      await run('docker', [
        'run',
        '--rm',
        '--pid=host',
        '--network=none',
        'node:24-slim',
        'kill',
        '-9',
        `${Pid}`,
      ]);
    },
    async remove() {
      await compose(['down', '--volumes', '--remove-orphans', '--rmi', 'local', '--timeout', '5']);
    },
  };
}

/** Whether a Docker engine and its compose plugin answer. */
export function hasDocker(): boolean {
  try {
    execFileSync('docker', ['version'], { stdio: 'ignore', timeout: 20_000 });
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** What `docker <args>` prints. */
export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { maxBuffer })).stdout;
}
