/**
 * `node build/run.mjs join-feeds FOLDER`: puts what several builds made, each in a subfolder, into the folder itself,
 * and makes one feed of those that have the same name.
 */
import { joinBuilds } from './package/publish.ts';
import { Problem, say } from './terminal.ts';

const folder = process.argv[2];
if (!folder) throw new Problem('Name the folder that holds a subfolder for each build.');
for (const name of await joinBuilds(folder)) say(`Joined: ${name}`);
