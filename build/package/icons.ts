/**
 * Makes every icon that a system asks for from one SVG. Both containers, .ico and .icns, may hold PNG pictures as they
 * are, so that nothing but a renderer is needed: electron-builder's own converter is a download.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const svgPath = join(import.meta.dirname, '../icons/icon.svg');

export interface Picture {
  /** Width and height in pixels. */
  size: number;
  png: Uint8Array;
}

let ready: Promise<void> | undefined;

/** The icon in these sizes (pixels). */
export async function renderIcon(sizes: number[]): Promise<Picture[]> {
  const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  ready ??= initWasm(readFileSync(wasm));
  await ready;
  const svg = readFileSync(svgPath, 'utf8');
  return sizes.map((size) => {
    const picture = new Resvg(svg, { fitTo: { mode: 'width', value: size } });
    return { size, png: picture.render().asPng() };
  });
}

/** https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10): a header, an entry a picture, the pictures. */
export function toIco(pictures: Picture[]): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    // 256 is written as 0.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** The types of https://en.wikipedia.org/wiki/Apple_Icon_Image_format that hold a PNG, by size in pixels. */
const icnsTypes: Record<number, string[]> = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

export function toIcns(pictures: Picture[]): Buffer {
  const entry = (type: string, content: Uint8Array) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + content.length, 4);
    return Buffer.concat([head, content]);
  };
  const entries = pictures.flatMap(({ size, png }) =>
    (icnsTypes[size] ?? []).map((type) => entry(type, png)),
  );
  return entry('icns', Buffer.concat(entries));
}

/** The tray's, each with its twin for fine displays; electron/tray/tray.ts takes one. */
export async function writeTrayIcons(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { size, png } of await renderIcon([16, 24, 32, 48])) {
    const name = size === 16 || size === 24 ? `tray-${size}` : `tray-${size / 2}@2x`;
    writeFileSync(join(folder, `${name}.png`), png);
  }
}

/** Fills a folder with what electron-builder.yml names: a PNG a size for Linux, icon.ico, icon.icns. */
export async function writeIcons(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const pictures = await renderIcon([16, 24, 32, 48, 64, 128, 256, 512, 1024]);
  for (const { size, png } of pictures) {
    if (size <= 512) writeFileSync(join(folder, `${size}x${size}.png`), png);
  }
  writeFileSync(join(folder, 'icon.ico'), toIco(pictures.filter(({ size }) => size <= 256)));
  writeFileSync(join(folder, 'icon.icns'), toIcns(pictures));
}
