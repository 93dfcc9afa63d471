/**
 * One page with the terms of everything that is shipped: the desk, each npm package in it, Postgres, Electron and
 * Chromium. The app shows it from its Help menu. Tools that list licences know npm's packages alone, bundled or not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bundle.ts';
import type { LicenceRules } from '../supply/licences.ts';

export interface Notice {
  /** Name and version. */
  title: string;
  /** As its package names it, such as `MIT`. */
  licence: string;
  text: string;
}

/** The terms of those who name them but ship no text. */
const knownTexts: Record<string, string> = {
  MIT: 'Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.',
  ISC: 'Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.',
};

/** Those that a person looked up where a package names none, by name and version: what `npm run check` goes by too. */
function lookedUp(nameAndVersion: string): string | undefined {
  const rules: LicenceRules = JSON.parse(readFileSync(join(root, 'build/supply/licences.json'), 'utf8'));
  return rules.exceptions.find((one) => one.package === nameAndVersion)?.licence;
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name?: string };
  contributors?: (string | { name?: string })[];
}

/** The notice of the npm package in a folder. @throws Error when its terms are nowhere to be found. */
export function noticeOf(folder: string): Notice {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = manifest.license ?? lookedUp(`${manifest.name}@${manifest.version}`) ?? '';
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const known = knownTexts[licence];
  if (texts.length === 0 && known) texts.push(`Copyright (c) ${holder(manifest)}\n\n${known}`);
  if (texts.length === 0) {
    throw new Error(
      `${manifest.name} ${manifest.version} ships no licence: name its terms in ${import.meta.filename}.`,
    );
  }
  return { title: `${manifest.name} ${manifest.version}`, licence, text: texts.join('\n\n') };
}

function holder({ name, author, contributors = [] }: Manifest): string {
  const named = [author, ...contributors].map((one) => (typeof one === 'string' ? one : one?.name));
  return named.find((one) => one) ?? `the authors of ${name}`;
}

/** Those of the desk itself, of the packages in these folders (from the repository's root), and of Postgres. */
export function ownNotices(packageFolders: string[]): Notice[] {
  const desk = noticeOf(root);
  const postgres = readFileSync(join(import.meta.dirname, 'postgres-licence.txt'), 'utf8');
  // Two bundles may hold the same package.
  const notices = packageFolders.map((folder) => noticeOf(join(root, folder)));
  const byTitle = new Map(notices.map((notice) => [notice.title, notice]));
  return [
    { ...desk, title: `Ticket Desk ${desk.title.split(' ').pop()}` },
    { title: 'PostgreSQL', licence: 'PostgreSQL', text: postgres },
    ...byTitle.values(),
  ];
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}

const style = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem }
pre { white-space: pre-wrap; font-size: 13px }
.title { font-weight: bold }`;

/**
 * The whole page. It needs no script, and no file beside it.
 * @param electron Electron's terms as text
 * @param chromium the page that comes with Electron, for all that Chromium is made of
 */
export function licencePage(notices: Notice[], electron: string, chromium: string): string {
  const body = /<body>([\s\S]*)<\/body>/.exec(chromium)?.[1] ?? `<pre>${escaped(chromium)}</pre>`;
  const all = [...notices, { title: 'Electron', licence: 'MIT', text: electron }];
  const sections = all.map(
    ({ title, licence, text }) =>
      `<h2>${escaped(title)}</h2>\n<p>${escaped(licence)}</p>\n<pre>${escaped(text)}</pre>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Licences – Ticket Desk</title><style>${style}</style></head>
<body>
<h1>Licences</h1>
<p>Ticket Desk is made of these parts, each under its own terms. Chromium’s follow at the end.</p>
${sections.join('\n')}
<h2>Chromium</h2>
${body}
</body>
</html>
`;
}

/** Electron's two files where electron-builder has put them; an old name for its own is `LICENSE`. */
export function electronTerms(folder: string): { electron: string; chromium: string } {
  const read = (...names: string[]) => {
    const name = names.find((one) => existsSync(join(folder, one)));
    if (!name) throw new Error(`${folder} holds no ${names.join(' or ')}: this Electron is not whole.`);
    return readFileSync(join(folder, name), 'utf8');
  };
  return {
    electron: read('LICENSE.electron.txt', 'LICENSE'),
    chromium: read('LICENSES.chromium.html'),
  };
}
