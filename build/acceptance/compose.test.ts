/**
 * docker-compose.yml as an operator uses it: from nothing to healthy, tickets by each way in, three ticket services,
 * a crash of every container, backup and restore, down and up. Under a name and on ports of its own, and cleaned up.
 * Needs a Docker engine.
 */
import { randomUUID } from 'node:crypto';
import { type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, assert, beforeEach, describe, onTestFailed, test } from 'vitest';
import { bundle, outDir, root } from '../bundle.ts';
import { type Listed, type StackClient, serviceClient, stackClient } from './compose-client.ts';
import {
  type ComposeProject,
  type ContainerInfo,
  composeProject,
  docker,
  hasDocker,
} from './compose-project.ts';
import { askHeavyQuestions } from './heavy-questions.ts';
import { eventually, leaveOutAfterFailure } from './steps.ts';

const lasting = ['nsqadmin', 'nsqd', 'nsqlookupd', 'postgres', 'proxy', 'redis', 'ticket-service'];
/** Stands in each title, so that a log that holds a ticket's text is found out. */
const mark = `smoke-${randomUUID().slice(0, 8)}`;
const titles: string[] = [];
const serviceCount = 3;

const project = composeProject(`ticket-desk-smoke-${process.pid}`, root);

function serviceOf({ Config }: ContainerInfo): string {
  return Config.Labels['com.docker.compose.service'] ?? '';
}

/** Those that are to run; the one that makes the secrets has ended. */
async function running(): Promise<ContainerInfo[]> {
  return (await project.containers()).filter((one) => lasting.includes(serviceOf(one)));
}

/** Waits until every ticket that was filed is in the list, once. */
async function allStoredOnce(client: StackClient): Promise<Listed[]> {
  const stored = await eventually('every ticket that was filed', async () => {
    const listed = await client.titled(mark);
    const found = new Set(listed.map(({ title }) => title));
    return titles.every((title) => found.has(title)) ? listed : null;
  });
  assert(stored.length === new Set(stored.map(({ title }) => title)).size, 'a ticket is doubled');
  return stored;
}

async function file(client: StackClient, requestId?: string): Promise<void> {
  const title = `${mark} ${titles.length}`;
  await client.file(title, requestId);
  titles.push(title);
}

async function startsHealthy(): Promise<void> {
  await project.compose(['up', '--detach', '--wait', '--build', '--quiet-pull']);
  const states = (await running()).map((one) => `${serviceOf(one)} ${one.State.Health?.Status}`).sort();
  assert(states.join() === lasting.map((name) => `${name} healthy`).join(), `not healthy: ${states}`);
}

async function takesTickets(): Promise<void> {
  const client = await stackClient(project);
  await file(client);
  const title = `${mark} ${titles.length}`;
  await client.publish(title);
  titles.push(title);
  await allStoredOnce(client);
}

async function demandsToken(): Promise<void> {
  const client = await stackClient(project);
  const refusal = await client.graphqlAsStranger();
  assert(refusal === '401 UNAUTHENTICATED', `a stranger's GraphQL was answered: ${refusal}`);
  const answer = await grpcAnswer(undefined);
  assert(answer === 'UNAUTHENTICATED', `a stranger's gRPC was answered: ${answer}`);
}

/** By what a page can send whose name was rebound to nsqadmin's port, or a program of another user of this computer. */
async function obeysNoStranger(): Promise<void> {
  const address = await project.address('nsqadmin', 4171);
  const channel = '/api/topics/ticketCreate/Create';
  const orders: [method: string, path: string, body: unknown][] = [
    ['POST', '/api/topics', { topic: 'rebound', channel: 'Create' }],
    ['POST', '/api/topics/ticketCreate', { action: 'empty' }],
    ['POST', channel, { action: 'empty' }],
    ['POST', channel, { action: 'pause' }],
    ['DELETE', channel, {}],
    ['DELETE', '/api/topics/ticketCreate', {}],
    ['DELETE', '/api/nodes/nsqd:4151', { topic: 'ticketCreate' }],
    ['PUT', '/config/nsqlookupd_http_addresses', ['rebound.example:4161']],
  ];
  const users = [undefined, '', 'operator', 'nobody', 'nobody\t'];
  for (const [method, path, body] of orders) {
    const text = JSON.stringify(body);
    for (const user of users) {
      const headers = {
        host: 'rebound.example',
        'content-length': `${text.length}`,
        ...(user !== undefined && { 'x-forwarded-user': user }),
      };
      const answer = await statusOf(`http://${address}${path}`, { method, headers }, text);
      assert(answer === 403, `nsqadmin answered ${answer} to ${method} ${path} of ${user}`);
    }
  }
}

/** fetch() sets Host itself. */
function statusOf(url: string, options: RequestOptions, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => resolve(response.resume().statusCode));
    asked.once('error', reject).end(body);
  });
}

/** The commands of docs/operations.md. */
async function admitsAndWithdraws(): Promise<void> {
  const make = ['exec', '-T', 'proxy', 'node', 'out/token.cjs', '--name', 'ada', '--days', '90'];
  const printed = (await project.compose(make)).toString();
  const line = /ada:sha256:\S+/.exec(printed)?.[0];
  const token = /^ {2}([\w-]+)$/m.exec(printed)?.[1];
  assert(line !== undefined && token !== undefined, 'token.cjs printed no token');
  const run = ['run', '--rm', '-T', 'secrets'];
  const lists = ['/volumes/ticket-service/api-tokens', '/volumes/proxy/api-tokens'];
  await project.compose([...run, 'sh', '-c', `tee -a ${lists[0]} >> ${lists[1]}`], { input: `${line}\n` });
  await eventually('a way in for the new token', async () =>
    (await grpcAnswer(token)) === 'tickets' ? true : null,
  );
  await project.compose([...run, 'sed', '-i', '/^ada:/d', ...lists]);
  await eventually('the end of the withdrawn token', async () =>
    (await grpcAnswer(token)) === 'UNAUTHENTICATED' ? true : null,
  );
}

async function grpcAnswer(token: string | undefined): Promise<string> {
  const caller = await serviceClient(await project.address('ticket-service', 50051), token);
  const answer = caller.list().then(
    () => 'tickets',
    (thrown: Error) => thrown.message,
  );
  return answer.finally(() => caller.close());
}

async function runsWithLeastPrivilege(): Promise<void> {
  const problems: string[] = [];
  for (const one of await running()) {
    const { HostConfig: host, Config: config, State: state } = one;
    const uids = (await docker('top', one.Name.slice(1), '-eo', 'uid,pid')).trim().split('\n').slice(1);
    const rules: [boolean, string][] = [
      [uids.length > 0 && uids.every((line) => !/^\s*0\s/.test(line)), 'runs as root'],
      [host.ReadonlyRootfs && !host.Privileged, 'may write to its file system'],
      [host.CapDrop?.includes('ALL') === true && !host.CapAdd?.length, 'has capabilities'],
      [host.SecurityOpt?.includes('no-new-privileges:true') === true, 'may gain privileges'],
      [host.Memory > 0 && (host.PidsLimit ?? 0) > 0, 'has no limits'],
      [host.RestartPolicy.Name === 'unless-stopped', 'does not come back'],
      [host.LogConfig.Config['max-size'] !== undefined, 'has a log without a limit'],
      [config.Healthcheck !== undefined && state.Health !== undefined, 'has no health check'],
    ];
    for (const [holds, words] of rules) if (!holds) problems.push(`${serviceOf(one)} ${words}`);
    for (const bindings of Object.values(one.NetworkSettings.Ports)) {
      for (const { HostIp } of bindings ?? []) {
        if (HostIp !== '127.0.0.1') problems.push(`${serviceOf(one)} is open to ${HostIp}`);
      }
    }
  }
  assert(problems.length === 0, problems.join('\n'));
}

/** Every secret that the first run made. */
async function secrets(): Promise<string[]> {
  const read =
    'cat /volumes/*/password /volumes/*/redis-url /volumes/*/postgres-url /volumes/proxy/api-token';
  const text = (
    await project.compose(['run', '--rm', '--no-deps', '-T', 'secrets', 'sh', '-c', read])
  ).toString();
  const found = text.split('\n').filter(Boolean);
  const inAddresses = found.flatMap((line) => (URL.canParse(line) ? [new URL(line).password] : []));
  return [...found, ...inAddresses];
}

async function showsNoSecret(): Promise<void> {
  const hidden = await secrets();
  assert(hidden.length === 7, `found ${hidden.length} secrets, not 7`);
  const containers = await project.containers();
  const images = [...new Set(containers.map(({ Image }) => Image))];
  const places: [string, string][] = [
    ['docker compose config', (await project.compose(['config'])).toString()],
    ['the logs', (await project.compose(['logs', '--no-color'])).toString()],
    ['docker inspect', JSON.stringify(containers)],
    ['the images', await docker('image', 'inspect', ...images)],
  ];
  for (const image of images)
    places.push([`history of ${image}`, await docker('history', '--no-trunc', image)]);
  for (const [place, text] of places) {
    assert(!hidden.some((secret) => text.includes(secret)), `${place} hold a secret`);
    assert(!text.includes(mark), `${place} hold the text of a ticket`);
  }
  // Each secret is mounted by those alone who need it.
  const mounts = JSON.parse((await project.compose(['config', '--format', 'json'])).toString())
    .services as Record<string, { volumes?: { source: string }[] }>;
  for (const [name, { volumes = [] }] of Object.entries(mounts)) {
    const foreign = volumes.filter(
      ({ source }) => source.endsWith('-secrets') && source !== `${name}-secrets`,
    );
    assert(name === 'secrets' || foreign.length === 0, `${name} mounts ${foreign.map((one) => one.source)}`);
  }
}

/** Docker starts again what the kernel killed for its memory. */
async function staysInItsMemory(): Promise<void> {
  const before = await running();
  await askHeavyQuestions(project, await stackClient(project));
  const starts = (all: ContainerInfo[]) =>
    all.map((one) => `${serviceOf(one)} ${one.State.StartedAt} ${one.State.OOMKilled}`).sort();
  const after = starts(await running());
  assert(after.join() === starts(before).join(), `not what ran before: ${after}`);
}

async function scales(): Promise<void> {
  await project.compose(['up', '--detach', '--wait', '--scale', `ticket-service=${serviceCount}`]);
  const client = await stackClient(project);
  await eventually('a consumer of each ticket service', async () =>
    (await client.consumers()) >= serviceCount ? true : null,
  );
  const indexes = Array.from({ length: serviceCount }, (_, index) => index + 1);
  const services = await Promise.all(
    indexes.map(async (index) =>
      serviceClient(await project.address('ticket-service', 50051, index), client.token),
    ),
  );
  const [ticket] = await client.titled(mark);
  assert(ticket !== undefined, 'no ticket to change');
  // Whichever service writes, no other one answers what was before.
  for (const [index, writer] of services.entries()) {
    const status = index % 2 === 0 ? 'In Progress' : 'On Hold';
    await Promise.all(services.map((one) => one.list()));
    assert(await writer.setStatus(ticket?.id ?? 0, status), `service ${index + 1} did not write`);
    for (const reader of services) {
      const seen = (await reader.list()).find(({ id }) => id === ticket?.id)?.status;
      assert(seen === status, `read ${seen} after ${status} was answered`);
    }
  }
  for (const one of services) one.close();
}

/** At most 100: a list answers 1,000 tickets. */
async function fileUntil(signal: AbortSignal, client: StackClient): Promise<void> {
  for (let count = 0; count < 100 && !signal.aborted; count += 1) {
    // The same request id until it is answered, as the app does; so none is filed twice.
    const requestId = randomUUID();
    await eventually('an answer to a create', async () => {
      await file(client, requestId);
      return true;
    });
  }
}

async function returnOf(victim: ContainerInfo): Promise<void> {
  const name = victim.Name.slice(1);
  await eventually(`the return of ${name}`, async () => {
    const [now] = JSON.parse(await docker('inspect', name)) as ContainerInfo[];
    const isAnother = now?.State.StartedAt !== victim.State.StartedAt;
    return isAnother && now?.State.Health?.Status === 'healthy' ? true : null;
  });
}

/** Every container crashes once, one of the ticket services among them, while tickets are filed. */
async function healsByItself(): Promise<void> {
  const client = await stackClient(project);
  const seen = new Set<string>();
  for (const victim of await running()) {
    const service = serviceOf(victim);
    if (seen.has(service)) continue;
    seen.add(service);
    const back = new AbortController();
    const filing = fileUntil(back.signal, client);
    // It is awaited below; until then a failure is not unheard.
    filing.catch(() => {});
    try {
      await project.kill(victim);
      await returnOf(victim);
    } finally {
      back.abort();
      await filing;
    }
    await allStoredOnce(client);
  }
  assert(seen.size === lasting.length, `killed only ${[...seen]}`);
}

/** The commands of docs/operations.md. */
async function restoresBackup(): Promise<void> {
  const before = await allStoredOnce(await stackClient(project));
  const dump = await project.compose([
    'exec',
    '-T',
    'postgres',
    'pg_dump',
    '-U',
    'postgres',
    '-Fc',
    'tickets',
  ]);
  await project.compose(['stop', 'proxy', 'ticket-service']);
  const postgres = ['exec', '-T', 'postgres'];
  await project.compose([...postgres, 'dropdb', '-U', 'postgres', '--force', 'tickets']);
  await project.compose([...postgres, 'createdb', '-U', 'postgres', '-O', 'ticket_desk', 'tickets']);
  await project.compose([...postgres, 'pg_restore', '-U', 'postgres', '-d', 'tickets', '--exit-on-error'], {
    input: dump,
  });
  await project.compose(['restart', 'redis']);
  await project.compose(['up', '--detach', '--wait', '--scale', `ticket-service=${serviceCount}`]);
  const client = await stackClient(project);
  await file(client);
  const after = await allStoredOnce(client);
  const lines = (listed: Listed[]) => listed.map(({ id, title, status }) => `${id} ${title} ${status}`);
  const kept = new Set(lines(after));
  assert(
    lines(before).every((line) => kept.has(line)),
    'the restored tickets are not those of the backup',
  );
  const newest = after.find(({ title }) => title === titles.at(-1))?.id ?? 0;
  assert(newest > Math.max(...before.map(({ id }) => id)), `the number ${newest} was given before`);
}

async function survivesDown(): Promise<void> {
  const { token } = await stackClient(project);
  await project.compose(['down']);
  await project.compose(['up', '--detach', '--wait']);
  const client = await stackClient(project);
  assert(client.token === token, 'the token is another one');
  await file(client);
  await allStoredOnce(client);
}

/** What the app takes along, built as engines without BuildKit do it. */
async function buildsWithoutClone(): Promise<void> {
  await bundle();
  const name = `ticket-desk-smoke-ready-${process.pid}`;
  const ready: ComposeProject = composeProject(name, join(outDir, 'docker'), { DOCKER_BUILDKIT: '0' });
  try {
    await ready.compose(['build', '--quiet']);
    for (const service of ['ticket-service', 'proxy']) {
      const list = ['run', '--rm', '--network=none', '--entrypoint', 'find'];
      const files = (image: string) =>
        docker(...list, image, '/desk', '-type', 'f', '-not', '-path', '*/assets/*');
      const [clone] = await project.containers(service);
      const same = sorted(await files(clone?.Image ?? '')) === sorted(await files(`${name}-${service}`));
      assert(
        same,
        `${service}: the image built from out/docker holds other files than the one from the clone`,
      );
    }
  } finally {
    await ready.remove();
  }
}

function sorted(lines: string): string {
  return lines.split('\n').sort().join('\n');
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void project.remove().finally(() => process.exit(1)));
}

describe.skipIf(!hasDocker())(
  'docker-compose.yml (skipped without a Docker engine and its compose plugin)',
  () => {
    leaveOutAfterFailure();
    let hasFailed = false;
    beforeEach(() =>
      onTestFailed(() => {
        hasFailed = true;
      }),
    );
    afterAll(async () => {
      if (hasFailed) console.log((await project.compose(['logs', '--no-color', '--tail', '40'])).toString());
      await project.remove();
    }, 120_000);

    test('docker compose up --wait starts everything from nothing', startsHealthy);
    test('tickets filed in the web face and by an older producer on NSQ are stored', takesTickets);
    test('web face and gRPC demand the token', demandsToken);
    test('nsqadmin empties and deletes for nobody', obeysNoStranger);
    test('a token of one person comes in, and is withdrawn while all runs', admitsAndWithdraws);
    test('every container has the least privilege, and ports on loopback alone', runsWithLeastPrivilege);
    test('whatever one caller asks, every container stays in its memory', staysInItsMemory);
    test('three ticket services share the channel, and none answers an older version', scales);
    test('each container heals after kill -9, and no ticket is lost or doubled', healsByItself);
    test('a dropped database comes back from its backup, and numbers go on', restoresBackup);
    test('no secret and no text of a ticket shows', showsNoSecret);
    test('down and up lose nothing', survivesDown);
    test('the images build without a clone and without BuildKit', buildsWithoutClone);
  },
);
