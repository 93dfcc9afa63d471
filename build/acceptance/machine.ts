/** A bare Debian in a container, as the machine of somebody who has just got it, and what can be seen of it from outside. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '../terminal.ts';
import { docker } from './compose-project.ts';

const run = promisify(execFile);
/** The second is made where no registry can be reached. */
const bases = ['debian:trixie-slim', 'local/base:trixie'];

async function baseImage(): Promise<string> {
  for (const image of [...bases].reverse()) {
    const isHere = await docker('image', 'inspect', image).then(
      () => true,
      () => false,
    );
    if (isHere) return image;
  }
  const pulled = await docker('pull', '--quiet', bases[0] as string).catch(() => null);
  if (pulled === null) throw new Problem(`None of these images can be had: ${bases.join(', ')}.`);
  return bases[0] as string;
}

export interface Images {
  /** Debian, a display to open windows on, and two ordinary users, ada and grace. */
  bare: string;
  /** With the libraries, too, that a package of the app depends on, and without the app. */
  withLibraries: string;
}

/** @param dependencies as in a package's control file */
export async function buildImages(name: string, dependencies: string): Promise<Images> {
  const images = { bare: `${name}:bare`, withLibraries: `${name}:libraries` };
  const apt = 'export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && apt-get';
  await buildImage(
    images.bare,
    `FROM ${await baseImage()}
RUN ${apt} install -qq -y --no-install-recommends procps xvfb >/dev/null && useradd -m ada && useradd -m grace`,
  );
  await buildImage(
    images.withLibraries,
    `FROM ${images.bare}\nRUN ${apt} satisfy -qq -y --no-install-recommends '${dependencies}' >/dev/null`,
  );
  return images;
}

async function buildImage(tag: string, dockerfile: string): Promise<void> {
  const building = run('docker', ['build', '--quiet', '--tag', tag, '-'], {
    // Engines without buildx say at each build that theirs is old.
    env: { ...process.env, DOCKER_BUILDKIT: '0' },
  });
  building.child.stdin?.end(dockerfile);
  await building;
}

export interface ProcessSeen {
  pid: number;
  command: string;
  /** 2: its system calls are filtered. */
  seccomp: number;
  noNewPrivileges: boolean;
  /** In how many process namespaces it is, one inside the other. */
  pidNamespaceDepth: number;
}

export interface Machine {
  /** Runs a shell's command as root, or as a user in the user's home; answers what it prints. @throws when it fails */
  sh(command: string, user?: string): Promise<string>;
  /** Starts a program as a user, on the display, and leaves it running. */
  start(user: string, command: string): Promise<void>;
  copyIn(file: string, folder: string): Promise<void>;
  processesOf(user: string): Promise<ProcessSeen[]>;
  /** Every path, but those of what the kernel shows and of what comes and goes by itself. */
  paths(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Noise of apt, dpkg and of programs that run: caches, logs, their own lists, sockets. */
const passing =
  /^\/(dev|proc|sys|tmp|run|root)(\/|$)|^\/var\/(cache|log|tmp|lib\/apt|lib\/dpkg|lib\/systemd)(\/|$)/;

const processList = `for status in /proc/[0-9]*/status; do
  folder=\${status%/status}
  [ "$(stat -c %U "$folder" 2>/dev/null)" = "$USER_WANTED" ] || continue
  printf '%s\\t%s\\t%s\\n' "\${folder#/proc/}" "$(tr '\\0' ' ' < "$folder/cmdline" 2>/dev/null)" "$(grep -E '^(NSpid|NoNewPrivs|Seccomp|State):' "$status" 2>/dev/null | tr '\\n\\t' '; ')"
done`;

function parseProcess(line: string): ProcessSeen[] {
  const [pid, command = '', status = ''] = line.split('\t');
  const value = (key: string) => new RegExp(`(?:^|;)${key}: *([^;]*)`).exec(status)?.[1]?.trim() ?? '';
  if (!pid || command === '' || value('State').startsWith('Z')) return [];
  return [
    {
      pid: Number(pid),
      command: command.trim(),
      seccomp: Number(value('Seccomp')),
      noNewPrivileges: value('NoNewPrivs') === '1',
      pidNamespaceDepth: value('NSpid').split(/\s+/).length,
    },
  ];
}

/** Chromium's sandbox makes user namespaces, which Docker's filter of system calls keeps from ordinary users. */
export const mayMakeUserNamespaces = ['--security-opt', 'seccomp=unconfined'];

/** @param options of `docker run`, beyond those that every such machine has */
export async function startMachine(image: string, options: string[]): Promise<Machine> {
  const id = (
    await docker(
      ...['run', '--detach', '--init', '--shm-size', '256m', '--security-opt', 'apparmor=unconfined'],
      // Chromium's debugging port is open to the own computer alone: this way that is the host.
      ...['--network', 'host', ...options, image, 'sleep', 'infinity'],
    )
  ).trim();
  const sh = async (command: string, user = 'root', env: string[] = []) => {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const environment = [`HOME=${home}`, 'DEBIAN_FRONTEND=noninteractive', ...env];
    const args = ['exec', '--user', user, '--workdir', home, ...environment.flatMap((one) => ['--env', one])];
    return docker(...args, id, 'sh', '-c', command);
  };
  const display = await startDisplay(id);

  return {
    sh,
    async start(user, command) {
      const args = ['exec', '--detach', '--user', user, '--workdir', `/home/${user}`];
      const env = [`HOME=/home/${user}`, `DISPLAY=${display}`].flatMap((one) => ['--env', one]);
      await docker(...args, ...env, id, 'sh', '-c', `exec ${command} >>/tmp/${user}.log 2>&1`);
    },
    copyIn: async (file, folder) => void (await docker('cp', file, `${id}:${folder}`)),
    async processesOf(user) {
      const lines = (await sh(processList, 'root', [`USER_WANTED=${user}`])).split('\n');
      return lines.flatMap(parseProcess);
    },
    async paths() {
      const lines = (await sh('find / -xdev')).split('\n');
      return lines.filter((path) => path !== '' && !passing.test(path));
    },
    remove: async () => void (await docker('rm', '--force', id)),
  };
}

/** Xvfb picks a free number and prints it once it is ready; it ends with the container. */
async function startDisplay(id: string): Promise<string> {
  const command = ['Xvfb', '-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-noreset'];
  const child = spawn('docker', ['exec', id, ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    child.once('exit', () => reject(new Error('Xvfb does not start in the container.')));
  });
  child.unref();
  (child.stdout as unknown as { unref(): void }).unref();
  return `:${number}`;
}
