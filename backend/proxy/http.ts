/** Serves the proxy and the web face over HTTP. */
import type { Logger } from '../logger.ts';

export interface HttpOptions {
  handle(request: Request): Promise<Response>;
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Not empty: GraphQL demands one of them as a Bearer. Needed whenever host is not a loopback address. */
  apiTokens: readonly string[];
  /** The built renderer; left out, there is no web face. */
  staticDir?: string | undefined;
  logger: Logger;
}

/**
 * @returns the address that people open, and how to stop: running answers get a moment, subscriptions end.
 * @throws DeskError BAD_USER_INPUT: the host is open to others and no token is demanded, or the port is taken.
 */
export async function startHttp(options: HttpOptions): Promise<{ url: string; stop(): Promise<void> }> {
  throw new Error(`not built yet: ${options.host}`);
}
