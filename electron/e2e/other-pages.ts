/** Pages that are not the desk's own: another origin, and further windows that show it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type RunningDesk, repository } from './harness.ts';

export interface ForeignOrigin {
  origin: string;
  /** What was asked of it since the last call, as `GET /path`. */
  asked(): Promise<string[]>;
  close(): void;
}

/** Serves a page of another origin, and records what is asked of it. */
export async function serveForeignOrigin(): Promise<ForeignOrigin> {
  const lines: string[] = [];
  const server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>foreign</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async asked() {
      // Whatever was asked before this one has arrived by then.
      await fetch(`${origin}/marker`);
      return lines.splice(0).filter((line) => line !== 'GET /marker');
    },
    close: () => server.close(),
  };
}

/** Opens a further window on the address, in this session, with the app's preload or none. */
export async function openTestWindow(
  desk: RunningDesk,
  options: { url: string; partition: string; withPreload?: boolean },
): Promise<Page> {
  const opened = desk.app.waitForEvent('window');
  await desk.app.evaluate(
    async ({ BrowserWindow }, { url, partition, preload }) => {
      const extra = new BrowserWindow({
        show: false,
        webPreferences: { partition, ...(preload && { preload }) },
      });
      await extra.loadURL(url).catch(() => undefined);
    },
    { ...options, preload: options.withPreload ? join(repository, 'out', 'preload.cjs') : undefined },
  );
  return opened;
}
