/** `npm run serve`, `npm run proxy`, `npm run ticket-service`, `npm run token`: one program of the backend in plain Node. */
import { join } from 'node:path';
import { bundle, outDir } from './bundle.ts';
import { runInForeground } from './child.ts';
import { Problem } from './terminal.ts';

const parts = ['serve', 'proxy', 'ticket-service', 'token'];

const part = process.argv[2] ?? '';
if (!parts.includes(part)) throw new Problem(`Name one of: ${parts.join(', ')}`);
await bundle();
process.exitCode = await runInForeground({
  command: process.execPath,
  args: [join(outDir, `${part}.cjs`), ...process.argv.slice(3)],
});
