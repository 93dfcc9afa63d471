/** Serves the proxy and the web face over HTTP. */
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { resolve } from 'node:path';
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import { countedLogger, createRefusalLog } from '../counted-log.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Admitted, ApiTokens } from '../secrets.ts';
import type { Caller } from './caller.ts';
import { errorResponse } from './server/graphql-errors.ts';
import { checkHost, checkOrigin, checkToken } from './web/guard.ts';
import type { SignIn } from './web/sign-in.ts';
import { securityHeaders, staticFile } from './web/static-files.ts';

export interface HttpOptions {
  handle(request: Request, caller?: Caller): Promise<Response>;
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** GraphQL wants one of them as a Bearer: on loopback, too, other users of the computer are at the door. */
  tokens: ApiTokens;
  /** Left out: there is no way in but a token. */
  signIn?: SignIn | undefined;
  /** The built renderer; left out, there is no web face. */
  staticDir?: string | undefined;
  logger: Logger;
}

/** How long stop() lets running answers finish. With what follows it, less than the 10 s that a program has. */
const drainMs = 5_000;
/** How long an idle connection may still bring a request. */
const lastRequestMs = 500;

/**
 * @returns the address that people open, and how to stop: running answers get a moment. End the subscriptions before.
 * @throws DeskError BAD_USER_INPUT: no token is demanded, or the port is taken.
 */
export async function startHttp(options: HttpOptions): Promise<{ url: string; stop(): Promise<void> }> {
  if (!options.tokens.demanded) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `${options.host} is open to others. Set API_TOKENS, so that only those who have a token get in.`,
      { field: 'API_TOKENS' },
    );
  }
  let stopped: Promise<void> | undefined;
  const logRefusal = createRefusalLog(options.logger);
  const logger = countedLogger(options.logger);
  const fetch = async (request: Request, bindings: HttpBindings | Http2Bindings) => {
    const peer = bindings.incoming.socket?.remoteAddress ?? 'unknown';
    const admit = () => {
      checkOrigin(request);
      return checkToken(request, options.tokens, { peer, logRefusal });
    };
    // Set here and not on the Response, which stays what it was made of then: a fifth of a request's time.
    const { outgoing } = bindings as HttpBindings;
    for (const [name, value] of Object.entries(securityHeaders)) outgoing.setHeader(name, value);
    const response = await answer(request, options, admit).catch((thrown: unknown) =>
      errorResponse(request, thrown, logger),
    );
    // A connection that is kept would bring the next request, and the end would not come.
    if (stopped) outgoing.setHeader('connection', 'close');
    return response;
  };
  // Its own Request and Response go without streams where none is needed, which saves a third of a request's time.
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: true }) as Server;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    stop: () => {
      stopped ??= close(server);
      return stopped;
    },
  };
}

/** @param admit throws HttpRefusal when the caller may not, or no more, use the API */
async function answer(request: Request, options: HttpOptions, admit: () => Admitted): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isApi = pathname === '/graphql' || pathname === '/query' || pathname.startsWith('/imports/');
  const isExport = pathname.startsWith('/exports/');
  checkHost(request, options.host);
  if (isApi) {
    const { agent, key } = admit();
    const authorization = request.headers.get('authorization');
    return options.handle(request, {
      agent,
      token: key,
      check: admit,
      onWithdrawn: (listener) => options.tokens.onWithdrawn(authorization, listener),
    });
  }
  // Its address holds a secret, which stands for the token of whoever exported.
  if (isExport) checkOrigin(request);
  if (pathname === '/session' && options.signIn) return options.signIn.answer(request);
  const mayBeFile = !isExport && pathname !== '/health' && /^(GET|HEAD)$/.test(request.method);
  const file =
    mayBeFile && options.staticDir ? await staticFile(resolve(options.staticDir), request) : undefined;
  return file ?? options.handle(request);
}

function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken by another program. Set PORT to a free one.`,
        EACCES: `Port ${port} is reserved for the system. Set PORT to one above 1023.`,
        EADDRNOTAVAIL: `HOST ${host} is no address of this computer. The environment sets it: unset it, or set HOST=127.0.0.1.`,
        ENOTFOUND: `HOST ${host} is not known. The environment sets it: unset it, or set HOST=127.0.0.1.`,
      };
      const message = words[error.code ?? ''] ?? `Can't listen on ${host}, port ${port}.`;
      const field = error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'PORT' : 'HOST';
      reject(new DeskError('BAD_USER_INPUT', message, { field, cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

/**
 * Takes no new connection from now on. One that is there may bring one more request, which may be on its way already;
 * HTTP's own close() would cut it off.
 */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timers = [
      // Not before what has arrived meanwhile is read: a connection that brings a request is not idle.
      setTimeout(() => setImmediate(() => server.closeIdleConnections()), lastRequestMs),
      setTimeout(() => server.closeAllConnections(), drainMs),
    ];
    NetServer.prototype.close.call(server, () => {
      for (const timer of timers) clearTimeout(timer);
      // For what HTTP itself keeps beside its connections.
      server.close();
      resolve();
    });
  });
}
