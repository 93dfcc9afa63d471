/** A test service as a container, by testcontainers; and the way out for those whose run was killed. */
import { hostname } from 'node:os';
import {
  type ContainerRuntimeClient,
  GenericContainer,
  getContainerRuntimeClient,
  ImageName,
} from 'testcontainers';
import { isAlive } from '../embedded/processes.ts';
import { until } from './desk-process.ts';
import { type ServicePlan, type TestService, untilReady } from './test-service.ts';

// Who started a container. The host too: another machine, or a container beside us, may use the same engine.
const ownerLabel = 'ticket-desk.test.owner';
const hostLabel = 'ticket-desk.test.host';
const dataDir = '/data';
const testHost = 'host.docker.internal';

/** As GenericContainer, and reached from this computer alone; those ports would else be open to the whole network. */
class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    for (const bindings of Object.values(this.hostConfig.PortBindings ?? {})) {
      for (const binding of bindings as { HostIp?: string }[]) binding.HostIp = '127.0.0.1';
    }
  }
}

/** Resolves once it serves. @throws Error with its log when it does not. */
export async function startServiceContainer(image: string, plan: ServicePlan): Promise<TestService> {
  await removeLeftContainers();
  const client = await getContainerRuntimeClient();
  const outputOf = (id: string) => logOf(client, id);
  const isReady = async (id: string) =>
    await untilReady(plan, { hasEnded: () => hasEnded(client, id), output: () => outputOf(id) });
  const started = await new LoopbackContainer(image)
    // Removed by this process or, when that was killed, by the next: Ryuk's image need not be had.
    .withAutoCleanup(false)
    .withLabels({ [ownerLabel]: String(process.pid), [hostLabel]: hostname() })
    .withExposedPorts(...plan.ports.map((port) => ({ container: port, host: port })))
    .withEnvironment(plan.env ?? {})
    .withExtraHosts([{ host: testHost, ipAddress: 'host-gateway' }])
    .withCopyContentToContainer(
      Object.entries(plan.files ?? {}).map(([name, content]) => ({ content, target: `${dataDir}/${name}` })),
    )
    .withCommand([plan.program, ...plan.args({ dataDir, host: '0.0.0.0', testHost })])
    .withWaitStrategy(waitFor(isReady))
    .start();
  const container = client.container.getById(started.getId());
  let isFrozen = false;
  return {
    peerHost: started.getIpAddress('bridge'),
    async kill() {
      if (isFrozen) await container.unpause();
      isFrozen = false;
      const gone = container.wait();
      await container.kill();
      await gone;
    },
    async start() {
      await container.start();
      await isReady(container.id);
    },
    async freeze() {
      await container.pause();
      isFrozen = true;
      // The engine answers before its own state tells, and would refuse to thaw what it does not know to be frozen.
      await until(async () => (await container.inspect()).State.Paused);
    },
    async thaw() {
      await container.unpause();
      isFrozen = false;
    },
    stop: async () => await container.remove({ force: true, v: true }),
  };
}

/** Removes the containers of runs that were killed. */
export async function removeLeftContainers(): Promise<void> {
  const client = await getContainerRuntimeClient();
  const left = await client.container.dockerode.listContainers({
    all: true,
    filters: { label: [ownerLabel, `${hostLabel}=${hostname()}`] },
  });
  for (const { Id, Labels } of left) {
    const owner = Number(Labels[ownerLabel]);
    if (owner === process.pid || (await isAlive(owner))) continue;
    // Another run may be removing it as well.
    await client.container
      .getById(Id)
      .remove({ force: true, v: true })
      .catch(() => {});
  }
}

/** Why this machine's engine can't run the image; undefined when it can. `pullWithinMs`: 0 takes a local image only. */
export async function whyNoContainer(image: string, pullWithinMs: number): Promise<string | undefined> {
  let client: ContainerRuntimeClient;
  try {
    client = await getContainerRuntimeClient();
  } catch {
    return 'no Docker engine answers';
  }
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return undefined;
  if (pullWithinMs === 0) return `Docker has no image ${image}`;
  const pull = client.image.pull(name).then(
    () => undefined,
    () => `Docker can't pull ${image}`,
  );
  const timeout = AbortSignal.timeout(pullWithinMs);
  const tooLong = new Promise<string>((resolve) =>
    timeout.addEventListener('abort', () =>
      resolve(`pulling ${image} took longer than ${pullWithinMs / 1000} s`),
    ),
  );
  return await Promise.race([pull, tooLong]);
}

/** testcontainers waits by the same check as every later start does. */
function waitFor(
  isReady: (id: string) => Promise<void>,
): Parameters<GenericContainer['withWaitStrategy']>[0] {
  const strategy: ReturnType<typeof waitFor> = {
    waitUntilReady: (container) => isReady(container.id),
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => false,
    getStartupTimeout: () => 0,
  };
  return strategy;
}

async function hasEnded(client: ContainerRuntimeClient, id: string): Promise<boolean> {
  return !(await client.container.getById(id).inspect()).State.Running;
}

async function logOf(client: ContainerRuntimeClient, id: string): Promise<string> {
  const log = await client.container.getById(id).logs({ stdout: true, stderr: true, tail: 50 });
  return log.toString('utf8');
}
