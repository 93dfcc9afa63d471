import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { setLocale } from '../state/locale.ts';
import { DueControl } from './DueControl.tsx';

it('writes the time below the field as the system does, whatever order of day and month the field has', () => {
  setLocale('de-DE');
  const onFirstOfDecember = new Date(2026, 11, 1, 14, 3).toISOString();
  render(<DueControl value={onFirstOfDecember} onChange={() => undefined} />);
  expect(screen.getByText('01.12.2026, 14:03:00')).toBeTruthy();
});
