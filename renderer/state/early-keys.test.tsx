import { fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { giveEarlyKeys, keepEarlyKeys } from './early-keys.ts';

/** What stands in the field that has the focus, which a document that no browser shows doesn't write into by itself. */
let written: string[];
let panel: HTMLElement;
let field: HTMLInputElement;

beforeEach(() => {
  written = [];
  document.execCommand = (_command, _ui, text = '') => {
    written.push(`${document.activeElement?.getAttribute('aria-label')}: ${text}`);
    return true;
  };
  document.body.innerHTML = '<section tabindex="-1"><input aria-label="Title"></section>';
  panel = document.body.querySelector('section') as HTMLElement;
  field = document.body.querySelector('input') as HTMLInputElement;
  keepEarlyKeys();
  for (const key of ['n', 'V', 'P', 'N']) fireEvent.keyDown(document.body, { key });
  giveEarlyKeys();
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

it('keeps the text until a field has the focus, though the panel around it has it before', () => {
  panel.focus();
  expect(written).toEqual([]);
  field.focus();
  expect(written).toEqual(['Title: VPN']);
  panel.focus();
  field.focus();
  expect(written).toEqual(['Title: VPN']);
});

it('writes into no field that has the focus long after', () => {
  vi.spyOn(performance, 'now').mockReturnValue(Number.POSITIVE_INFINITY);
  field.focus();
  expect(written).toEqual([]);
});
