/** npm itself, asking a real HTTP server that answers as a registry does. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testFolder } from '../../backend/testing/test-folder.ts';
import { askAudit } from './audit.ts';

let folder: string;
let server: Server;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  folder = testFolder();
  const root = { name: 'audited', version: '1.0.0', dependencies: { leaky: '1.0.0' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(root));
  await writeFile(
    join(folder, 'package-lock.json'),
    JSON.stringify({
      ...{ name: 'audited', version: '1.0.0', lockfileVersion: 3, requires: true },
      packages: { '': root, 'node_modules/leaky': { version: '1.0.0' } },
    }),
  );
  server = createServer((request, response) => {
    if (request.url?.includes('/advisories/')) answer(response);
    else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.close();
});

const ask = () => askAudit(folder, `--registry=http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

test('an advisory of the registry arrives', async () => {
  answer = (response) =>
    response.end(
      JSON.stringify({
        leaky: [
          {
            ...{ id: 1, title: 'Leaks', severity: 'high', vulnerable_versions: '<2.0.0', cwe: [] },
            ...{ url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', cvss: { score: 7 } },
          },
        ],
      }),
    );
  expect(await ask()).toEqual({
    asked: true,
    advisories: [
      { id: 'GHSA-aaaa-bbbb-cccc', package: 'leaky', title: 'Leaks', severity: 'high', range: '<2.0.0' },
    ],
  });
});

test('a registry that knows of nothing was asked all the same', async () => {
  answer = (response) => response.end('{}');
  expect(await ask()).toEqual({ asked: true, advisories: [] });
});

test('a registry that keeps no advisories was not asked, nor was one that is out of reach', async () => {
  answer = (response) => response.writeHead(405).end();
  expect(await ask()).toMatchObject({ asked: false, why: expect.stringContaining('405') });
  const address = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect(await askAudit(folder, `--registry=http://127.0.0.1:${address.port}/`)).toMatchObject({
    asked: false,
    why: expect.stringContaining('ECONNREFUSED'),
  });
});
