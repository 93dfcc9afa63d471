import { expect, test } from 'vitest';
import { placeWindow } from './window-place.ts';

const main = { x: 0, y: 0, width: 1920, height: 1080 };
const left = { x: -1600, y: 0, width: 1600, height: 900 };
const remembered = { x: 100, y: 50, width: 1000, height: 700, maximized: false };

test('the first window has the usual size, centred', () => {
  expect(placeWindow(undefined, [main])).toEqual({ width: 1280, height: 800 });
});

test('on a small display the window is as large as fits', () => {
  expect(placeWindow(undefined, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({
    width: 1024,
    height: 700,
  });
});

test('a window opens where it was, on a second display too', () => {
  expect(placeWindow(remembered, [main])).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
  const onTheLeft = { ...remembered, x: -1500 };
  expect(placeWindow(onTheLeft, [main, left])).toEqual({ x: -1500, y: 50, width: 1000, height: 700 });
});

test('a window larger than the display that shows it now is made to fit that one, not the main one', () => {
  const large = { ...remembered, x: -1600, y: 0, width: 1900, height: 1000 };
  expect(placeWindow(large, [main, left])).toEqual({ x: -1600, y: 0, width: 1600, height: 900 });
});

test.each([
  ['a display that is gone', { x: -1500, y: 50 }],
  ['below every display', { x: 0, y: 1070 }],
  ['above, where its title bar can not be reached', { x: 0, y: -300 }],
  ['with only a sliver left on the display', { x: 1900, y: 50 }],
])('a window that was on %s opens centred, in its size', (_name, where) => {
  expect(placeWindow({ ...remembered, ...where }, [main])).toEqual({ width: 1000, height: 700 });
});
