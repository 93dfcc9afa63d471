/**
 * Draws docs/topology.svg from docs/topology.dot. `node build/run.mjs topology` writes it; with `--check` it exits 1
 * when the picture is not what its source makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { Problem } from './terminal.ts';

const folder = join(import.meta.dirname, '..', 'docs');
const svgPath = join(folder, 'topology.svg');

/** It brings its own ground, so that it can be read on a page of any colour. */
const style = `
.ground { fill: #ffffff; }
.node path, .node polygon, .node ellipse { fill: #eef3fb; stroke: #31507d; }
.node.face path { fill: #e9f6ec; stroke: #2c6a3c; }
.node.queue path { fill: #fdf3e2; stroke: #865a10; }
.node.store path { fill: #f4edfb; stroke: #65428f; }
.cluster path { fill: none; stroke: #6b7280; }
.edge path { stroke: #4b5563; }
.edge polygon { fill: #4b5563; stroke: #4b5563; }
text { fill: #111827; font-family: Helvetica, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #14181f; }
  .node path, .node polygon, .node ellipse { fill: #1d2a40; stroke: #8fb0e3; }
  .node.face path { fill: #1b3324; stroke: #86c998; }
  .node.queue path { fill: #3a2c12; stroke: #e0b364; }
  .node.store path { fill: #2d2240; stroke: #bf9fe6; }
  .cluster path { stroke: #9ca3af; }
  .edge path { stroke: #b6bdc8; }
  .edge polygon { fill: #b6bdc8; stroke: #b6bdc8; }
  text { fill: #f3f4f6; }
}
`;

function remark(source: string, name: string): string {
  const text = new RegExp(`^// ${name}: (.+)$`, 'm').exec(source)?.[1];
  if (!text)
    throw new Problem(
      `docs/topology.dot needs a line "// ${name}: …": those who can't see the picture hear it.`,
    );
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The picture, with words for those who can't see it. */
export async function drawTopology(source: string): Promise<string> {
  const graphviz = await Graphviz.load();
  const drawn = graphviz.dot(source);
  return drawn
    .slice(drawn.indexOf('<svg'))
    .replace('<svg ', '<svg role="img" aria-labelledby="title description" ')
    .replace(
      /(<svg[^>]*>)/,
      `$1\n<title id="title">${remark(source, 'title')}</title>\n<desc id="description">${remark(source, 'desc')}</desc>\n<style>${style}</style>`,
    )
    .replace(/<title>[^<]*<\/title>\n/g, '')
    .replace('<polygon fill="white" stroke="none"', '<polygon class="ground" stroke="none"');
}

if (process.argv[1] === import.meta.filename) {
  const svg = await drawTopology(readFileSync(join(folder, 'topology.dot'), 'utf8'));
  if (!process.argv.includes('--check')) writeFileSync(svgPath, svg);
  else if (readFileSync(svgPath, 'utf8') !== svg) {
    throw new Problem(
      'docs/topology.svg is not what docs/topology.dot makes. Run: node build/run.mjs topology',
    );
  }
}
