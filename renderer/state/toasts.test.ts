import { expect, it } from 'vitest';
import { type Toast, type ToastOptions, withToast } from './toasts.ts';

const shown = (...toasts: ToastOptions[]) =>
  toasts.reduce<readonly Toast[]>((before, toast, key) => withToast(before, toast, key), []);
const refusal = { text: 'Offline: this ticket can be read.' };
const offer = { text: '#5 was deleted.', action: { label: 'Undo', run: () => {} } };

it('says the same words once, with their number, as the latest', () => {
  const toasts = shown(refusal, { text: 'Draft discarded.' }, refusal, refusal);
  expect(toasts.map(({ text, times }) => [text, times])).toEqual([
    ['Draft discarded.', 1],
    [refusal.text, 3],
  ]);
  // A new one to React and to a screen reader: its time begins anew, and it is read aloud.
  expect(toasts.at(-1)?.key).toBe(3);
});

it('keeps those apart that offer something, and those of another tone', () => {
  expect(shown(offer, offer)).toHaveLength(2);
  expect(shown(refusal, { ...refusal, tone: 'danger' })).toHaveLength(2);
});

it('keeps the latest four', () => {
  expect(shown(...['a', 'b', 'c', 'd', 'e'].map((text) => ({ text }))).map(({ text }) => text)).toEqual([
    'b',
    'c',
    'd',
    'e',
  ]);
});
