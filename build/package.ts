/**
 * `npm run package`: installers for this system, in dist/. With `--dir` only the unpacked folder, which needs no
 * download beside the runtime; with `--report` what is in it, by size; with `--inspectable` the twin that the
 * end-to-end tests drive.
 */
import { parseArgs } from 'node:util';
import { packApp } from './package/pack.ts';
import { say } from './terminal.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    inspectable: { type: 'boolean', default: false },
  },
});

const packed = await packApp({ isInspectable: values.inspectable });
say(`The unpacked app is in ${packed.folder}`);
