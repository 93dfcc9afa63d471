/** A feed on this computer, with what may go wrong with one; and a file that stands in for an AppImage. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freshFolder } from './harness.ts';

export interface UpdateFeed {
  url: string;
  /** Offers this version from now on. */
  offer(version: string, trouble?: Trouble): void;
  /** The paths that were asked for, oldest first. */
  asked: string[];
  /** The names of all headers that came with any of them. */
  headers: Set<string>;
}

export interface Trouble {
  /** Sends another file than the one that was published. */
  isTampered?: boolean;
  /** So often the connection breaks half way. */
  breaks?: number;
  /** Says that the package lies here. */
  elsewhere?: string;
  /** Names no AppImage. */
  isWithoutAppImage?: boolean;
  /** Publishes a file that does not start. */
  isDead?: boolean;
  /** Sends the second half slowly until it resolves. */
  heldUntil?: Promise<void>;
}

/** A program that ends at once, as an AppImage does when it is only to be installed; long enough to be fetched in pieces. */
export function standIn(version: string, exitCode = 0): Buffer {
  const filler = `# ${version}\n`.repeat(200_000);
  return Buffer.from(`#!/bin/sh\n# Ticket Desk ${version}\nexit ${exitCode}\n${filler}`);
}

export async function startFeed(): Promise<UpdateFeed> {
  const asked: string[] = [];
  const headers = new Set<string>();
  let version = '0.0.0';
  let trouble: Trouble = {};
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url);
    asked.push(pathname);
    for (const name of Object.keys(request.headers)) headers.add(name);
    if (pathname === '/latest-linux.yml') return void response.end(manifest());
    if (!pathname.endsWith('.AppImage')) return void response.writeHead(404).end();
    const file = trouble.isTampered ? standIn(`${version} of somebody else`) : published();
    // The connection for pieces of it (differential) is answered with the whole, as simple servers do.
    response.writeHead(200, { 'content-length': file.length });
    const half = file.subarray(0, file.length / 2);
    response.write(half);
    if (trouble.breaks) {
      trouble.breaks -= 1;
      return void setImmediate(() => request.socket.destroy());
    }
    response.end(file.subarray(half.length + (await trickled(response, half.length))));
  }

  /** Progress is told of only as bytes come: a few at a time until it may go on. Answers how many. */
  async function trickled(response: ServerResponse, from: number): Promise<number> {
    const rest = published().subarray(from);
    let sent = 0;
    const drip = setInterval(() => {
      response.write(rest.subarray(sent, sent + 1_000));
      sent += 1_000;
    }, 100);
    await trouble.heldUntil;
    clearInterval(drip);
    return sent;
  }

  const published = () => standIn(version, trouble.isDead ? 1 : 0);

  function manifest(): string {
    const file = published();
    const sha512 = createHash('sha512').update(file).digest('base64');
    const name = `${trouble.elsewhere ?? ''}ticket-desk-${version}.AppImage`;
    const names = [...(trouble.isWithoutAppImage ? [] : [name]), `ticket-desk-${version}.tar.gz`];
    const entries = names.map((path) => `  - url: ${path}\n    sha512: ${sha512}\n    size: ${file.length}`);
    return `version: ${version}\nfiles:\n${entries.join('\n')}\nreleaseDate: '2026-11-24T12:00:00.000Z'\n`;
  }

  return {
    url,
    asked,
    headers,
    offer(next, nextTrouble = {}) {
      version = next;
      trouble = nextTrouble;
    },
  };
}

export interface Installed {
  /** The file that the app was "started" from. */
  appImage: string;
  cache: string;
  env: Record<string, string>;
}

/** What makes the app that runs from the sources take itself for this AppImage. */
export async function installStandIn(feedUrl: string): Promise<Installed> {
  const folder = await freshFolder();
  const appImage = join(folder, 'apps', 'TicketDesk.AppImage');
  await mkdir(dirname(appImage));
  await writeFile(appImage, standIn('0.1.0'));
  await chmod(appImage, 0o755);
  const config = join(folder, 'app-update.yml');
  await writeFile(config, `provider: generic\nurl: ${feedUrl}\nupdaterCacheDirName: ticket-desk-updater\n`);
  const cache = join(folder, 'cache');
  return {
    appImage,
    cache,
    env: {
      APPIMAGE: appImage,
      APPDIR: dirname(process.env.ELECTRON_PATH ?? ''),
      XDG_CACHE_HOME: cache,
      TICKET_DESK_UPDATE_CONFIG: config,
    },
  };
}
