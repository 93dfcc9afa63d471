/** Traces of a create, from a real proxy and a real ticket service to a collector that takes OTLP/JSON. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { startObserved } from '../metrics/testing/observed-program.ts';
import { makeDataDir, removeDataDir, until } from '../testing/desk-process.ts';
import { callerHeaders } from '../testing/graphql.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { findServicePort } from '../testing/service-ports.ts';

interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface Batch {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: Omit<ReceivedSpan, 'service'>[] }[];
  }[];
}

const postgres = postgresOfFile();

async function startCollector() {
  const spans: ReceivedSpan[] = [];
  let text = '';
  const server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Batch;
    text += JSON.stringify(resourceSpans);
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ service, ...span });
    }
    response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, spans, text: () => text };
}

/** Files one create on a proxy and a service that send their traces there; resolves once it is stored. */
async function fileOne(tracesTo: string) {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: tracesTo, LOG_LEVEL: 'debug' };
  const address = `127.0.0.1:${await findServicePort()}`;
  const service = await startObserved('ticket-service', {
    ...env,
    POSTGRES_URL: await postgres.createDatabase(),
    GRPC_ADDRESS: address,
  });
  onTestFinished(async () => void (await service.stop('SIGKILL')));
  const dataDir = await makeDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  const proxy = await startObserved('proxy', { ...env, DATA_DIR: dataDir, PORT: '0', GRPC_ADDRESS: address });
  onTestFinished(async () => void (await proxy.stop('SIGKILL')));
  await service.said(/The ticket service is ready/);
  await proxy.said(/linked to the ticket service/);
  const [, url = ''] = await proxy.said(/Ticket Desk is ready: (\S+)/);
  const requestId = randomUUID();
  await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: callerHeaders,
    body: JSON.stringify({
      query: 'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }',
      variables: { input: { title: 'Hidden', description: '', name: 'Nobody', requestId } },
    }),
  });
  await proxy.said(new RegExp(`${requestId}.*"msg":"create stored"`));
  return { requestId, proxy, service };
}

it('a create is one trace, whose id is its requestId, from the proxy into the database', async () => {
  const collector = await startCollector();
  const { requestId } = await fileOne(collector.url);
  await until(async () => collector.spans.length >= 3);
  const traceId = requestId.replaceAll('-', '');
  expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const root = collector.spans.find(({ name }) => name === 'createTicket');
  expect(root).toMatchObject({ service: 'proxy', spanId: traceId.slice(16) });
  expect(root?.parentSpanId).toBeUndefined();
  for (const [name, service] of [
    ['publish', 'proxy'],
    ['store', 'ticket-service'],
  ]) {
    const span = collector.spans.find((each) => each.name === name);
    expect(span).toMatchObject({ service, parentSpanId: root?.spanId });
    expect(BigInt(span?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(span?.startTimeUnixNano ?? 1));
  }
  expect(collector.text()).not.toMatch(/Hidden|Nobody/);
});

it('a collector that is not there costs no create, and is told of once', async () => {
  const { proxy } = await fileOne('http://127.0.0.1:1');
  await proxy.said(/traces could not be sent/);
  expect((await proxy.stop()).code).toBe(0);
  expect(proxy.output().match(/traces could not be sent/g)).toHaveLength(1);
});
