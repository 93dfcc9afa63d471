/** Windows has no number on a taskbar button, but a small picture over it: a dot, while something waits. */
const bytesPerPixel = 4;
/** Bootstrap's danger, as blue, green, red and alpha. */
const colour = [0x45, 0x35, 0xdc, 0xff];

/** A round dot as a bitmap of `size` by `size` pixels, clear around it. */
export function dotBitmap(size: number): Buffer {
  const bitmap = Buffer.alloc(size * size * bytesPerPixel);
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (Math.hypot(x - middle, y - middle) <= size / 2) bitmap.set(colour, (y * size + x) * bytesPerPixel);
    }
  }
  return bitmap;
}
