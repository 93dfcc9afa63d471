import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import Dropdown from 'react-bootstrap/Dropdown';
import { expect, it } from 'vitest';
import { useMenuKeys } from './use-menu-keys.ts';

function Page() {
  useMenuKeys();
  return (
    <Dropdown defaultShow>
      <Dropdown.Toggle>Status</Dropdown.Toggle>
      <Dropdown.Menu role="menu">
        <input aria-label="Other" />
        {['New', 'On Hold', 'Completed', 'Deleted'].map((name) => (
          <Dropdown.Item as="button" type="button" key={name} disabled={name === 'Deleted'}>
            {name}
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}

it('goes to the last and the first that can be chosen of a menu by End and Home', async () => {
  const person = userEvent.setup();
  render(<Page />);
  const item = (name: string) => screen.getByRole('button', { name });
  item('New').focus();
  await person.keyboard('{End}');
  expect(document.activeElement).toBe(item('Completed'));
  await person.keyboard('{Home}');
  expect(document.activeElement).toBe(item('New'));
});

it('leaves both keys to a field of the menu', async () => {
  const person = userEvent.setup();
  render(<Page />);
  const field = screen.getByLabelText('Other');
  await person.click(field);
  await person.keyboard('{End}');
  expect(document.activeElement).toBe(field);
});
