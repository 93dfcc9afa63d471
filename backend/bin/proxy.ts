/** The proxy and the web face alone, in front of a ticket service that runs elsewhere. */
import '../tidy-environment.ts';
import { readProxyConfig } from '../config.ts';
import { runProgram } from './program.ts';
import { serveDesk } from './serve-desk.ts';

runProgram(() => {
  const config = readProxyConfig();
  return serveDesk({ name: 'proxy', config, service: { kind: 'remote', ...config } });
});
