/** Builds all that out/ holds into another folder: `node build/run.mjs supply/bundle-into FOLDER`. */
import { join } from 'node:path';
import { buildBundles } from '../bundle.ts';
import { writeDockerContext } from '../docker-context.ts';
import { Problem } from '../terminal.ts';

const folder = process.argv[2];
if (!folder) throw new Problem('Name the folder to build into.');
await buildBundles(folder);
writeDockerContext(join(folder, 'docker'), folder);
