/** The real bill of materials, by npm and of the packages that are installed here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../bundle.ts';
import { lockedPackages } from './lock-file.ts';
import { type Bom, billOfMaterials } from './sbom.ts';

let bom: Bom;
beforeAll(async () => {
  bom = await billOfMaterials();
});

describe('the bill of materials', () => {
  it('is CycloneDX 1.5: npm’s own, with components of the same form added', () => {
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    for (const { type, name, hashes = [] } of bom.components) {
      expect(type).toMatch(/^(application|framework|library)$/);
      expect(name).not.toBe('');
      for (const { alg, content } of hashes) expect(`${alg} ${content}`).toMatch(/^SHA-\d+ [0-9a-f]+$/);
    }
  });

  it('is of Ticket Desk, by its own name and version', () => {
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(bom.metadata.component).toMatchObject({ type: 'application', name, version });
  });

  it('names every package that is installed and ships, and none that only builds', () => {
    const named = new Set(bom.components.flatMap(({ purl }) => (purl ? decodeURIComponent(purl) : [])));
    const installed = lockedPackages(root).filter(({ folders }) =>
      folders.some((folder) => existsSync(join(root, folder))),
    );
    const purls = (ships: boolean) =>
      installed.filter((one) => one.ships === ships).map((one) => `pkg:npm/${one.name}@${one.version}`);
    expect(purls(true).length).toBeGreaterThan(200);
    expect(purls(true).filter((purl) => !named.has(purl))).toEqual([]);
    expect(purls(false).filter((purl) => named.has(purl))).toEqual([]);
  });

  it('names Electron and Postgres with the libraries that come with it, so that they can be looked up', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'));
    expect(bom.components).toContainEqual(
      expect.objectContaining({
        name: 'electron',
        cpe: `cpe:2.3:a:electronjs:electron:${version}:*:*:*:*:*:*:*`,
      }),
    );
    const postgres = bom.components.find(({ name }) => name === 'PostgreSQL');
    expect(postgres?.cpe).toMatch(/^cpe:2.3:a:postgresql:postgresql:18\.\d+:/);
    const libraries = postgres?.components ?? [];
    expect(libraries.map(({ cpe }) => cpe)).toContainEqual(expect.stringMatching(/:openssl:\d+\.\d+\.\d/));
    expect(libraries.every(({ hashes }) => hashes?.[0]?.content.length === 64)).toBe(true);
  });

  it('refers to each component once, and to none that is not there', () => {
    const refs = [bom.metadata.component, ...bom.components].map((one) => one['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    const named = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(named.filter((ref) => !refs.includes(ref))).toEqual([]);
  });
});
