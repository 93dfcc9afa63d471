/** The proxy's one way in: a Request comes, a Response goes, whatever carries them. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { countedLogger } from '../../counted-log.ts';
import type { Agent } from '../../domain/agent.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { Lanes } from '../../weight.ts';
import { type Caller, everybody } from '../caller.ts';
import type { ProxyContext } from '../context.ts';
import { createRequestCheck } from './check-request.ts';
import { errorResponse, formatError, headersFor, jsonResponse } from './graphql-errors.ts';
import { maxTokens } from './limits.ts';
import { metered } from './meter.ts';
import { operationTeller, type TellOperation, timeOperation } from './operations.ts';
import { receivePiece } from './receive-piece.ts';
import { type GraphqlBody, HttpRefusal, readGraphqlBody } from './request-body.ts';
import { createSchema } from './schema.ts';
import { streamJson } from './stream-json.ts';
import { createSubscriptions } from './subscriptions.ts';
import { listWeight, littleWeight } from './weight-of.ts';

export interface Handler {
  /** Never rejects. @param caller left out: everybody */
  handle(request: Request, caller?: Caller): Promise<Response>;
  /** Ends them and begins no other. */
  endSubscriptions(): void;
  /** Ends the subscriptions and waits for the requests under way. */
  stop(): Promise<void>;
}

export async function createHandler(options: {
  context: Omit<ProxyContext, 'agent' | 'caller'>;
  /** Who acts where the caller does not say so; undefined: nobody known. */
  agent?: (() => Agent | undefined) | undefined;
  logger: Logger;
  appVersion: string;
  onOperation?: TellOperation | undefined;
}): Promise<Handler> {
  const { appVersion, onOperation } = options;
  const logger = countedLogger(options.logger);
  const schema = createSchema();
  const apollo = createApollo(schema, logger, onOperation);
  await apollo.start();
  const check = createRequestCheck(schema);
  const subscriptions = createSubscriptions({ schema, logger, onOperation });
  const lanes = new Lanes(listWeight);

  /** Of a token that the service knows as somebody's own, that is who acts. */
  function contextOf(caller: Caller): ProxyContext {
    const { client } = options.context;
    return { ...options.context, caller, agent: caller.agent ?? client.tokenAgent() ?? options.agent?.() };
  }

  async function graphql(request: Request, caller: Caller): Promise<Response> {
    const body = await readGraphqlBody(request);
    // A body may come as slowly as its sender likes.
    caller.check();
    const tell = timeOperation(onOperation);
    const { document, operation, weight, errors } = check(body);
    if (errors.length > 0) {
      tell(operation?.operation, errors);
      return jsonResponse(request, 400, { errors });
    }
    if (document && operation?.operation === 'subscription') {
      return subscriptions.answer(request, { document, body, caller, context: contextOf(caller) });
    }
    // A write that answers little, as most do, is never kept waiting for what others read.
    const held = operation?.operation === 'mutation' && weight <= littleWeight ? 0 : weight;
    const share = await lanes.take(held).catch(refuseForNow);
    try {
      // Its turn may have come late.
      caller.check();
      const context: ProxyContext = held > listWeight ? metered(contextOf(caller)) : contextOf(caller);
      const { result, status } = await execute(apollo, context, body);
      context.meter?.check();
      return streamJson(result, { status, headers: headersFor(request) }, share);
    } catch (thrown) {
      share.release();
      throw thrown;
    }
  }

  async function route(request: Request, caller: Caller): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/graphql' || pathname === '/query') return graphql(request, caller);
    if (pathname === '/health' && (request.method === 'GET' || request.method === 'HEAD')) {
      return jsonResponse(request, 200, { status: 'ok', version: appVersion });
    }
    if (pathname.startsWith('/exports/')) return options.context.exports.answer(request);
    if (pathname.startsWith('/imports/'))
      return receivePiece(options.context.imports.uploads, request, caller);
    return new Response('Not found', { status: 404 });
  }

  return {
    async handle(request, caller = everybody) {
      try {
        return await route(request, caller);
      } catch (thrown) {
        return errorResponse(request, thrown, logger);
      }
    },
    endSubscriptions: subscriptions.stop,
    async stop() {
      subscriptions.stop();
      await apollo.stop();
    },
  };
}

function refuseForNow(thrown: unknown): never {
  throw thrown instanceof DeskError ? new HttpRefusal(503, thrown.code, thrown.message) : thrown;
}

function createApollo(
  schema: GraphQLSchema,
  logger: Logger,
  onOperation: TellOperation | undefined,
): ApolloServer<ProxyContext> {
  return new ApolloServer<ProxyContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens },
    formatError: (_, thrown) => formatError(thrown, logger),
    logger,
    // Nothing is reported to anyone, whatever keys the environment holds.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...(onOperation ? [operationTeller(onOperation)] : []),
    ],
  });
}

async function execute(
  apollo: ApolloServer<ProxyContext>,
  contextValue: ProxyContext,
  body: GraphqlBody,
): Promise<{ result: object; status: number }> {
  const answer = await apollo.executeOperation({ ...body }, { contextValue });
  if (answer.body.kind !== 'single') throw new Error('Apollo Server answered in parts');
  const { errors, data } = answer.body.singleResult;
  return { result: { errors, data }, status: answer.http.status ?? 200 };
}
