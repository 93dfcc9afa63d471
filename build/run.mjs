/**
 * `node build/run.mjs <command> [arguments]` runs build/<command>.ts in this same process, so that a signal
 * reaches it directly. Plain JavaScript that any Node can read: it is what tells an old Node, or a clone
 * without its packages, what to do.
 */
import { accessSync, constants } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Ticket Desk needs Node 20.19 or later; this is Node ${process.versions.node}. Install a newer Node.`,
  );
  process.exit(1);
}

if (import.meta.dirname.includes('?')) {
  console.error(
    `The desk can't be built in a folder whose path holds a question mark: ${import.meta.dirname}`,
  );
  process.exit(1);
}

/** What a shell holds for other projects' tools, which are the same as ours: another compiler, another configuration. */
const misread = /^(ESBUILD|NAPI_RS|ROLLDOWN|TSX|VITE)_/i;
for (const name of Object.keys(process.env)) if (misread.test(name)) delete process.env[name];
if (!isTemporaryFolder(process.env.TMPDIR ?? '')) delete process.env.TMPDIR;

/** tsx keeps what it has compiled in TMPDIR, and would make a relative one in the working folder. */
function isTemporaryFolder(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return isAbsolute(folder);
  } catch {
    return false;
  }
}

try {
  (await import('tsx/esm/api')).register();
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('The packages are not installed yet. Run: npm ci');
  process.exit(1);
}

const script = join(dirname(fileURLToPath(import.meta.url)), `${process.argv[2]}.ts`);
process.argv.splice(1, 2, script);
try {
  await import(pathToFileURL(script).href);
} catch (error) {
  const isMisuse = String(error.code).startsWith('ERR_PARSE_ARGS_');
  if (error.name !== 'Problem' && !isMisuse) throw error;
  console.error(error.message);
  process.exit(1);
}
