import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

describe('docs/operations.md', () => {
  it('tells of every metric, and of none that is not there', () => {
    const folder = join(root, 'backend/metrics');
    const sources = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const served = new Set([...sources.matchAll(/name: '(ticket_desk_\w+)'/g)].map((match) => match[1]));
    expect(served.size).toBeGreaterThan(10);
    const told = new Set([...page.matchAll(/`(ticket_desk_\w+)`/g)].map((match) => match[1]));
    expect([...told].sort()).toEqual([...served].sort());
  });

  it('tells of every setting of docker-compose.yml, with its default', () => {
    const settings = [...compose.matchAll(/\$\{(\w+):-([^}]+)\}/g)].map(
      ([, name, standard]) => `\`${name}\` | ${standard} |`,
    );
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.filter((line) => !page.includes(line))).toEqual([]);
  });

  it('gives no service a port that is another after its next start, as Docker does by a range', () => {
    const published = [...compose.matchAll(/\$\{\w+_PORTS?:-([^}]+)\}/g)].map((match) => match[1]);
    expect(published.sort()).toEqual(['4000', '4150', '4171', '50051']);
  });

  it('links only to files that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });
});
