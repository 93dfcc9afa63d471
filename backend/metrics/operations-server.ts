/**
 * What an operator's tools ask, on a port of its own: /metrics in the text format of Prometheus, /live (200 as long
 * as the process answers) and /ready (200, or 503 with what is missing). It shows no text and no secret.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { MetricsConfig } from '../config.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { isRebound } from '../loopback.ts';
import type { Readiness } from './readiness.ts';

export interface OperationsServer {
  /** `http://host:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws DeskError BAD_USER_INPUT: can't listen there; the text names the variable to change. */
export async function startOperationsServer(
  options: MetricsConfig & { registry: Registry; readiness: Readiness; logger: Logger },
): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    if (isRebound(request.headers.host, options.host))
      return sendJson(response, 403, { status: 'forbidden' });
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    answer(pathname, response, options).catch((err) => {
      options.logger.error({ err }, 'metrics could not be answered');
      sendJson(response, 500, { status: 'failed' });
    });
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  pathname: string,
  response: ServerResponse,
  { registry, readiness }: { registry: Registry; readiness: Readiness },
): Promise<void> {
  switch (pathname) {
    case '/metrics': {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
      return;
    }
    case '/live':
      return sendJson(response, 200, { status: 'live' });
    case '/ready': {
      const missing = await readiness.missing();
      if (missing.length === 0) return sendJson(response, 200, { status: 'ready' });
      return sendJson(response, 503, { status: 'not ready', missing });
    }
    default:
      return sendJson(response, 404, { status: 'not found', paths: ['/metrics', '/live', '/ready'] });
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function listen(server: Server, { host, port }: MetricsConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `Metrics can't be served on ${host}, port ${port} (${cause.code}). Set METRICS_PORT to a free port, METRICS_HOST to an address of this computer.`;
      reject(new DeskError('BAD_USER_INPUT', message, { field: 'METRICS_PORT', cause }));
    });
    server.listen(port, host, resolve);
  });
}
