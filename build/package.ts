/**
 * `npm run package`: installers for this system, in dist/. With `--dir` only the unpacked app, which needs no
 * download beside the runtime; with `--report` also what takes how much room in it; with `--inspectable` the twin
 * that the end-to-end tests drive, in dist/inspectable; with `--release` all of this system's, or it fails.
 * TICKET_DESK_UPDATE_FEED is the address where they look for updates.
 */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bundle.ts';
import { makeDeb } from './package/deb.ts';
import { packApp, sizeReport } from './package/pack.ts';
import { feedVariable, readFeedAddress, writeFeedFile } from './package/publish.ts';
import { planTargets, readMachine, refuseGaps, type TargetPlan } from './package/targets.ts';
import { say } from './terminal.ts';

const { values: wanted } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    inspectable: { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
  },
});

const feed = readFeedAddress(process.env[feedVariable]);
say(feed ? `Looks for updates at ${feed}` : `Looks for no updates: ${feedVariable} names no feed.`);

const nothing: TargetPlan = { targets: [], isDebByDpkg: false, leftOut: [] };
const isFolderOnly = wanted.dir || wanted.inspectable;
const machine = await readMachine();
const plan = isFolderOnly ? nothing : planTargets(machine);
if (wanted.release) refuseGaps(plan, machine.platform);
const packed = await packApp({
  targets: plan.targets,
  isInspectable: wanted.inspectable,
  isRelease: wanted.release,
  feed,
});
const { folder, isForTests, version } = packed;
const outputFolder = join(root, 'dist');
if (plan.isDebByDpkg) packed.files.push(await makeDeb({ folder, outputFolder, isForTests }));
const made = new Set(packed.files);
if (feed && made.size > 0) {
  const system = { platform: process.platform, arch: process.arch };
  made.add(await writeFeedFile({ folder: outputFolder, system, version, made: packed.files }));
}
say(`The unpacked app: ${relative(root, folder)}`);
for (const file of made) say(`Made: ${relative(root, file)}`);
for (const { target, reason } of plan.leftOut) say(`Left out: ${target}, ${reason}`);
if (isForTests) say('*** All of it is for tests and never ships. ***');
if (wanted.report) console.log(sizeReport(packed).join('\n'));
