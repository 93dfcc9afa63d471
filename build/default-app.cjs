/**
 * Put into the fallback runtime as resources/app. Takes the app's path from argv, as Electron's own default
 * app does. The entry is required at once: after an import() it would be too late to register app:// as privileged.
 */
const { app } = require('electron');
const { existsSync, readFileSync, statSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

/** Loaded before the app: `-r FILE`, as node has it. */
const preloads = process.argv.filter((_, index, all) => all[index - 1] === '-r');
for (const preload of preloads) require(preload);

const given = process.argv
  .slice(1)
  .find((argument) => !argument.startsWith('-') && !preloads.includes(argument) && existsSync(argument));
const path = resolve(given ?? '.');
const isFolder = statSync(path).isDirectory();
const folder = isFolder ? path : dirname(path);
const manifestPath = join(folder, 'package.json');
const manifest = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {};

app.setName(manifest.productName ?? manifest.name ?? 'app');
if (manifest.version) app.setVersion(manifest.version);
app.setAppPath(folder);
require(isFolder ? join(folder, manifest.main ?? 'index.js') : path);
