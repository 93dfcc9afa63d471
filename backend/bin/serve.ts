/** The whole desk in plain Node: proxy, web face, ticket service, database. */
import '../tidy-environment.ts';
import path from 'node:path';
import { readServeConfig } from '../config.ts';
import { forkTicketService } from '../embedded/fork-ticket-service.ts';
import { runProgram } from './program.ts';
import { serveDesk } from './serve-desk.ts';
import { systemAgent } from './system-agent.ts';

runProgram(() => {
  const config = readServeConfig();
  // Whoever is let in by a token that was given may be anybody.
  const isOwn = config.apiTokens.length === 0 && config.apiTokensFile === undefined;
  return serveDesk({
    name: 'ticket-desk',
    config,
    service: { kind: 'built-in', spawn: forkTicketService(path.join(__dirname, 'ticket-service.cjs')) },
    agent: () => (isOwn ? systemAgent() : undefined),
    onProgress: (text) => console.log(text),
  });
});
