import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { FieldControl } from './FieldControl.tsx';

const onChange = vi.fn();

function Tags({ first = [] as string[] }) {
  const [value, setValue] = useState(first);
  return (
    <FieldControl
      name="tags"
      value={value}
      onChange={(next) => {
        onChange(next);
        setValue(next as string[]);
      }}
      problem={undefined}
    />
  );
}

const field = () => screen.getByRole<HTMLInputElement>('combobox', { name: /^Tags/ });
const chips = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent);

it('makes a tag of what was typed with Enter and with a comma, each once', async () => {
  const { person } = draw(<Tags />);
  await person.type(field(), 'VPN{Enter}floor 3,vpn,');
  expect(chips()).toEqual(['floor 3', 'vpn']);
  expect(field().value).toBe('');
  expect(onChange).toHaveBeenLastCalledWith(['floor 3', 'vpn']);
});

it('has what is being typed as a tag already, so that no key is needed to keep it', async () => {
  const { person } = draw(<Tags first={['vpn']} />);
  await person.type(field(), 'Print');
  expect(onChange).toHaveBeenLastCalledWith(['print', 'vpn']);
  expect(chips()).toEqual(['vpn']);
  await person.tab();
  expect(chips()).toEqual(['print', 'vpn']);
});

it('takes the last away with Backspace in the empty field, and any by its button', async () => {
  const { person } = draw(<Tags first={['floor 3', 'printer', 'vpn']} />);
  await person.type(field(), '{Backspace}');
  expect(chips()).toEqual(['floor 3', 'printer']);
  await person.click(screen.getByRole('button', { name: 'Remove floor 3' }));
  expect(chips()).toEqual(['printer']);
  expect(document.activeElement).toBe(field());
});

it('takes what was pasted apart at its commas', async () => {
  const { person } = draw(<Tags />);
  await person.click(field());
  await person.paste('VPN, , Second  Floor,Wi-Fi');
  await person.keyboard('{Enter}');
  expect(chips()).toEqual(['second floor', 'vpn', 'wi-fi']);
});

it('proposes the tags of tickets that were read, without those that are there', async () => {
  const { person, client } = draw(<Tags first={['vpn']} />);
  const restored = (id: number, tags: string[]) => [`Ticket:${id}`, { __typename: 'Ticket', id, tags }];
  client.cache.restore(Object.fromEntries([restored(1, ['printer', 'vpn']), restored(2, ['floor print'])]));
  await person.type(field(), 'pri');
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
    'floor print',
    'printer',
  ]);
  await person.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(chips()).toEqual(['printer', 'vpn']);
  expect(field().value).toBe('');
  await person.keyboard('new,');
  expect(screen.queryAllByRole('option'), 'over the button below').toEqual([]);
  await person.keyboard('{ArrowDown}');
  expect(screen.getAllByRole('option')).toHaveLength(1);
});
