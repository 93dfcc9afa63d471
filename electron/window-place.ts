/** Where the window opens: where it was, if a display still shows that place. */
import type { WindowPlace } from './settings.ts';

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const smallestWindow = { width: 400, height: 400 };
const usualWindow = { width: 1280, height: 800 };

/** Enough of the title bar to take hold of. */
const graspable = { width: 120, height: 40 };

/**
 * @param remembered the last place, or undefined at the first start.
 * @param displays each display's work area, the main one first.
 * @returns bounds for the window; without x and y the system centres it.
 */
export function placeWindow(
  remembered: WindowPlace | undefined,
  displays: readonly Area[],
): { width: number; height: number; x?: number; y?: number } {
  const main = displays[0] ?? { x: 0, y: 0, ...usualWindow };
  if (!remembered) return fitInto(usualWindow, main);
  const [shown] = displays
    .filter((display) => isGraspable(remembered, display))
    .sort((one, other) => visibleArea(remembered, other) - visibleArea(remembered, one));
  if (!shown) return fitInto(remembered, main);
  return { x: remembered.x, y: remembered.y, ...fitInto(remembered, shown) };
}

function fitInto(size: { width: number; height: number }, display: Area): { width: number; height: number } {
  return {
    width: Math.max(smallestWindow.width, Math.min(size.width, display.width)),
    height: Math.max(smallestWindow.height, Math.min(size.height, display.height)),
  };
}

function visibleWidth(place: Area, display: Area): number {
  return Math.min(place.x + place.width, display.x + display.width) - Math.max(place.x, display.x);
}

/** Square pixels; for a place that the display shows some of. */
function visibleArea(place: Area, display: Area): number {
  const bottom = Math.min(place.y + place.height, display.y + display.height);
  return visibleWidth(place, display) * (bottom - Math.max(place.y, display.y));
}

function isGraspable(place: Area, display: Area): boolean {
  const isTitleBarInside =
    place.y >= display.y - graspable.height / 2 && place.y <= display.y + display.height - graspable.height;
  return visibleWidth(place, display) >= graspable.width && isTitleBarInside;
}
