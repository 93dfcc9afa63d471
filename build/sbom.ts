/**
 * `npm run sbom -- FILE`: writes the bill of materials (CycloneDX 1.5, JSON) of what ships from this system to a file,
 * or without one to stdout; then npm's own first lines are left out by `npm run --silent sbom`.
 */
import { writeFileSync } from 'node:fs';
import { root } from './bundle.ts';
import { billOfMaterials } from './supply/sbom.ts';

const text = `${JSON.stringify(await billOfMaterials(root), null, 2)}\n`;
const file = process.argv[2];
if (file) writeFileSync(file, text);
else process.stdout.write(text);
