/** The documents say nothing of what is not there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOwn } from '../backend/config/variables.ts';
import {
  type Environment,
  readDesktopConfig,
  readProxyConfig,
  readServeConfig,
  readTicketServiceConfig,
} from '../backend/config.ts';
import { readManaged } from '../electron/managed/managed-file.ts';
import { parseQuery, termNames } from '../proto/search-language.ts';
import { control } from './package/deb-files.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const links = (text: string) =>
  [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);

describe.each([
  'install.md',
  'keyboard.md',
  'moving.md',
  'operations.md',
  'scale.md',
  'search.md',
  'security.md',
])('docs/%s', (name) => {
  const text = read(`docs/${name}`);

  it('links only to what exists', () => {
    expect(links(text).filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });

  it('names only commands and files that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm run ([\w-]+)/g)].map((match) => match[1] as string);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    const paths = [...text.matchAll(/`((?:backend|build|electron|proto|renderer)\/[^`\s]+)`/g)];
    expect(paths.map((match) => match[1] as string).filter((path) => !existsSync(join(root, path)))).toEqual(
      [],
    );
  });
});

it('docs/install.md has each key of a managed installation', () => {
  const [notice = ''] = readManaged('', '{ "unknown": 1 }').notices;
  const keys = notice.replace(/.*Known are (.*)\.$/, '$1').split(', ');
  expect(keys.length).toBeGreaterThan(5);
  const table = read('docs/install.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .join('\n');
  expect(keys.filter((key) => !table.includes(`\`${key}\``))).toEqual([]);
});

it('docs/search.md shows each term, and nothing that can not be read', () => {
  const agents = [{ id: 'a-1', name: 'Ada' }];
  const context = { now: new Date(), timeZone: 'UTC', me: 'a-1', agents };
  const lines = read('docs/search.md').match(/^\| `.*?` \|/gm) ?? [];
  const shown = lines.flatMap((line) => line.match(/(?<=`)[^`|]*[^`|\s][^`|]*(?=`)/g) ?? []);
  const problems = shown.flatMap((search) => parseQuery(search, context).problems);
  expect(problems).toEqual([]);
  expect(termNames().filter((term) => !shown.some((search) => search.startsWith(`${term}:`)))).toEqual([]);
});

/** The desk's own variables that a reader of the environment asks for. */
function variablesOf(readConfig: (environment: Environment) => unknown): string[] {
  const asked = new Set<string>();
  readConfig(new Proxy({}, { get: (_none, name) => void asked.add(String(name)) }));
  return [...asked].filter((name) => isOwn(name) && !name.endsWith('_FILE'));
}

/** The variables that tables of a document name in their first column. */
const tabled = (text: string) =>
  [...text.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );

it('docs/install.md has each variable that sets something of an installed desk', () => {
  // Of the programs that take from the queue; and of an app that is not packed.
  const others = ['NSQ_CHANNEL', 'NSQLOOKUPD_HTTP_ADDRESSES'];
  const ofTests = ['TICKET_DESK_DEV', 'TICKET_DESK_MANAGED_CONFIG', 'TICKET_DESK_UPDATE_CONFIG'];
  const wanted = variablesOf(readDesktopConfig).filter((name) => ![...others, ...ofTests].includes(name));
  expect(tabled(read('docs/install.md')).sort()).toEqual(wanted.sort());
});

it('docs/install.md names for a tar.gz only libraries that the deb depends on', () => {
  const manifest = { name: '', productName: '', version: '', description: '', license: '' };
  const [, depends = ''] = /^Depends: (.*)$/m.exec(
    control({ ...manifest, homepage: 'https://example.org' }, 'amd64', 1),
  ) ?? [''];
  const known = new Set(depends.split(/, | \| /));
  const named = [...read('docs/install.md').matchAll(/^\| Debian .*`sudo apt install (.*)` \|$/gm)].map(
    ([, list = '']) => list.split(' '),
  );
  expect(named.map((list) => list.length)).toEqual([5, 5]);
  expect(named.flat().filter((library) => !known.has(library))).toEqual([]);
});

it('README.md has each variable of the desk in a browser', () => {
  expect(tabled(read('README.md')).sort()).toEqual(variablesOf(readServeConfig).sort());
});

it('docs/operations.md has each variable of the proxy and of the ticket service by themselves', () => {
  const readService = (environment: Environment) => {
    // It wants POSTGRES_URL, which it has asked for by then.
    expect(() => readTicketServiceConfig(environment)).toThrow('POSTGRES_URL');
  };
  const wanted = new Set([...variablesOf(readProxyConfig), ...variablesOf(readService)]);
  expect(wanted.size).toBeGreaterThan(20);
  const told = new Set(tabled(read('docs/operations.md')));
  expect([...wanted].filter((name) => !told.has(name))).toEqual([]);
});

it('README.md or a page that it leads to has each command of npm', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'].map(read).join('\n');
  const untold = Object.keys(scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(pages));
  expect(untold).toEqual([]);
});

describe('docs/security.md', () => {
  const rows = read('docs/security.md')
    .split('\n')
    .filter((line) => /^\| (?!---|what is defended )/.test(line));

  it('names for each defence the test that holds it', () => {
    expect(rows.length).toBeGreaterThan(15);
    const untested = rows.filter((row) => {
      const tests = [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(
        (match) => match[1] as string,
      );
      return !tests.some((path) => /(\.test\.tsx?|build\/supply\/[\w-]+\.ts)$/.test(path));
    });
    expect(untested).toEqual([]);
  });
});

describe('the pictures', () => {
  const names = readdirSync(join(root, 'docs/pictures'));

  it('are small, and made by the end-to-end run', () => {
    const made = read('electron/e2e/pictures.test.ts');
    for (const name of names) {
      expect(statSync(join(root, 'docs/pictures', name)).size).toBeLessThan(200_000);
      expect(made).toContain(`'docs-${name.replace('.png', '')}'`);
    }
  });

  it('are each shown somewhere', () => {
    const shown = [...links(read('README.md')), ...links(read('docs/install.md'))].map((link) =>
      link.split('/').at(-1),
    );
    expect(names.filter((name) => !shown.includes(name))).toEqual([]);
  });
});
