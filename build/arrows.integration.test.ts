import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './bundle.ts';

/** Imports that the architecture forbids: the rule that says so, who imports, what. */
const forbidden = [
  ['renderer-stands-alone', 'renderer/app/a.ts', 'backend/errors.ts'],
  ['backend-stands-alone', 'backend/bin/a.ts', 'electron/main.ts'],
  ['backend-without-electron', 'backend/b.ts', 'electron'],
  ['electron-composes-the-backend', 'electron/a.ts', 'backend/proxy/proxy.ts'],
  ['contracts-import-nothing', 'proto/a.ts', 'backend/errors.ts'],
  ['shipped-code-is-not-built-on-build', 'electron/b.ts', 'build/bundle.ts'],
  ['proxy-knows-the-service-by-grpc', 'backend/proxy/a.ts', 'backend/ticket-service/server.ts'],
  ['service-knows-no-caller', 'backend/ticket-service/a.ts', 'backend/proxy/proxy.ts'],
  ['use-cases-know-ports-only', 'backend/ticket-service/use-cases/a.ts', 'backend/ticket-service/grpc/b.ts'],
  ['adapters-know-their-port', 'backend/adapters/a.ts', 'backend/proxy/proxy.ts'],
  ['only-compose-names-adapters', 'backend/proxy/b.ts', 'backend/adapters/cache-memory.ts'],
  ['ports-and-domain-know-nothing', 'backend/domain/a.ts', 'backend/logger.ts'],
  ['features-know-no-sibling', 'renderer/features/ticket/a.ts', 'renderer/features/outbox/b.ts'],
  ['shared-parts-know-no-feature', 'renderer/components/a.ts', 'renderer/features/outbox/b.ts'],
  ['features-know-no-app', 'renderer/features/ticket/b.ts', 'renderer/app/App.ts'],
  ['no-cycles', 'backend/one.ts', 'backend/two.ts'],
] as const;

/** Imports that it is made for. */
const wanted = [
  ['electron/main.ts', 'backend/compose.ts'],
  ['backend/compose.ts', 'backend/adapters/cache-memory.ts'],
  ['backend/ticket-service/use-cases/b.ts', 'backend/ports/cache.ts'],
  ['renderer/app/App.ts', 'renderer/features/ticket/index.ts'],
  ['renderer/features/ticket/index.ts', 'renderer/components/b.ts'],
  ['renderer/state/a.ts', 'proto/generated/commands.ts'],
  ['backend/proxy/a.test.ts', 'backend/ticket-service/server.ts'],
] as const;

/** Closes the cycle, which is reported once. */
const wayBack = ['backend/two.ts', 'backend/one.ts'] as const;

/** No file of these imports itself by a round about, but their folders do. */
const folderCycle = [
  ['backend/metrics/a.ts', 'backend/traces/b.ts'],
  ['backend/traces/c.ts', 'backend/metrics/d.ts'],
] as const;

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const tree = mkdtempSync(join(tmpdir(), 'ticket-desk-arrows-'));
let violations: Violation[];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

/** @param config in the root of this repository */
function violationsOf(config: string): Violation[] {
  const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const folders = ['electron', 'renderer', 'backend', 'proto', 'build'];
  const args = [cruise, ...folders, '--config', join(root, config), '--output-type', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
  return JSON.parse(stdout).summary.violations;
}

function specifier(from: string, to: string): string {
  return to.endsWith('.ts') ? relative(dirname(from), to).replace(/^(?!\.)/, './') : to;
}

beforeAll(() => {
  const imports = [
    ...forbidden.map(([, from, to]) => [from, to] as const),
    ...wanted,
    wayBack,
    ...folderCycle,
  ];
  for (const [, to] of imports) if (to.endsWith('.ts')) write(to, 'export {};\n');
  for (const [from, to] of imports) write(from, `import '${specifier(from, to)}';\n`);
  write('tsconfig.json', '{}');
  violations = violationsOf('.dependency-cruiser.cjs');
});
afterAll(() => rmSync(tree, { recursive: true }));

test.each(forbidden)('%s: %s may not import %s', (rule, from, to) => {
  const found = violations.filter((one) => one.from === from && one.to === to).map((one) => one.rule.name);
  expect(found).toContain(rule);
});

test.each(wanted)('%s may import %s', (from, to) => {
  expect(violations.filter((one) => one.from === from && one.to === to)).toEqual([]);
});

test('two folders may not import each other, though no two files do', () => {
  const found = violationsOf('.dependency-cruiser.folders.cjs').map(({ rule, from, to }) => [
    rule.name,
    from,
    to,
  ]);
  expect(found).toContainEqual(['no-folder-cycles', 'backend/metrics', 'backend/traces']);
  expect(violations.filter(({ from }) => from === 'backend/metrics/a.ts')).toEqual([]);
});
