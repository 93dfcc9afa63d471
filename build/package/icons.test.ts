import { expect, test } from 'vitest';
import { renderIcon, toIcns, toIco } from './icons.ts';

const pngMark = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Width and height stand in the first chunk of a PNG. */
const sizeOf = (png: Uint8Array) => [Buffer.from(png).readUInt32BE(16), Buffer.from(png).readUInt32BE(20)];

test('the one SVG is drawn in each size that is asked for', async () => {
  const pictures = await renderIcon([16, 256]);
  expect(pictures.map(({ png }) => sizeOf(png))).toEqual([
    [16, 16],
    [256, 256],
  ]);
});

test('an .ico holds each picture where its table says, 256 written as 0', async () => {
  const pictures = await renderIcon([32, 256]);
  const ico = toIco(pictures);
  expect([...ico.subarray(0, 6)]).toEqual([0, 0, 1, 0, 2, 0]);
  const offsets = [6, 22].map((entry) => {
    expect(ico.readUInt32LE(entry + 8)).toBe(pictures[(entry - 6) / 16]?.png.length);
    return ico.readUInt32LE(entry + 12);
  });
  expect(ico[22]).toBe(0);
  for (const offset of offsets) expect(ico.subarray(offset, offset + 4)).toEqual(pngMark);
});

test('an .icns tells its own length, and each picture under the types of its size', async () => {
  const icns = toIcns(await renderIcon([32, 512]));
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const types: string[] = [];
  for (let offset = 8; offset < icns.length; offset += icns.readUInt32BE(offset + 4)) {
    types.push(icns.toString('latin1', offset, offset + 4));
    expect(icns.subarray(offset + 8, offset + 12)).toEqual(pngMark);
  }
  expect(types).toEqual(['ic11', 'ic09', 'ic14']);
});
