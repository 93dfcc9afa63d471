import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ticketValues } from '../../proto/ticket-fields.ts';
import { TicketReading } from './TicketReading.tsx';

it('makes links of the addresses of a description, a click on which begins no edit', async () => {
  const description = 'As in https://a.org/x.\nNot javascript:alert(1).';
  const onEdit = vi.fn();
  render(
    // biome-ignore lint/a11y: as the ticket has it
    <div onClick={onEdit}>
      <TicketReading values={ticketValues({ title: 'Printer', description, name: 'Ada' })} />
    </div>,
  );
  const link = screen.getByRole('link', { name: 'https://a.org/x' });
  expect(link).toMatchObject({ href: 'https://a.org/x', target: '_blank', rel: 'noreferrer' });
  expect(link.parentElement?.textContent).toBe(description);
  expect(screen.getAllByRole('link')).toHaveLength(1);
  await userEvent.click(link);
  expect(onEdit).not.toHaveBeenCalled();
});
