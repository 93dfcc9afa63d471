import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { commandRegistry } from '../state/commands.ts';
import { draw } from '../testing/draw.tsx';
import { WindowCommands } from './WindowCommands.tsx';

it('takes what is typed in the palette that is called from the list of keys', async () => {
  const { person } = draw(<WindowCommands />);
  act(() => void commandRegistry.run('shortcuts'));
  await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  act(() => void commandRegistry.run('palette'));
  expect(screen.queryByRole('dialog', { name: 'Keyboard shortcuts' })).toBeNull();
  const field = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Command' });
  await person.keyboard('imp');
  expect(field.value).toBe('imp');
});
