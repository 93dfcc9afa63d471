/** Where things lie in a window, in CSS pixels, and whether one covers another. */
import type { Locator } from 'playwright-core';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export async function boxOf(place: Locator): Promise<Box> {
  const box = await place.boundingBox();
  if (!box) throw new Error('it is not shown');
  return box;
}

export const boxesOf = async (places: Locator): Promise<Box[]> =>
  Promise.all((await places.all()).map(boxOf));

export const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The words themselves, without the free room of their cell. */
export const wordsOf = (place: Locator): Promise<Box[]> =>
  place.evaluateAll((elements) =>
    elements.map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    }),
  );
