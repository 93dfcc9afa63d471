import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { type FieldName, fieldOf, ticketFields, ticketValues } from '../../proto/ticket-fields.ts';
import type { Failure } from '../state/failure.ts';
import { draw } from '../testing/draw.tsx';
import { TicketForm, type TicketFormProps } from './TicketForm.tsx';

beforeEach(() => vi.clearAllMocks());

const onSubmit = vi.fn();
const onLeave = vi.fn();
const names: readonly FieldName[] = ['title', 'description', 'name', 'status'];
const atTitle = { name: 'title' } as const;
const draft = { loaded: true, draft: null, keeping: 'kept', problem: null } as TicketFormProps['draft'];

interface FormProps {
  begin: Parameters<typeof ticketValues>[0];
  failure?: Failure;
  beginsEmpty?: boolean;
}

function Form({ begin, failure, ...options }: FormProps) {
  const [values, setValues] = useState(ticketValues(begin));
  return (
    <TicketForm
      id="form"
      label="A ticket"
      names={names}
      values={values}
      onType={(name, value) => setValues({ ...values, [name]: value })}
      onSubmit={() => onSubmit(values)}
      onLeave={onLeave}
      blocked={null}
      focus={atTitle}
      failure={failure ?? null}
      draft={draft}
      {...options}
    >
      <button type="submit">Submit</button>
    </TicketForm>
  );
}

const form = () => screen.findByRole('form', { name: 'A ticket' });
const control = (name: FieldName) => screen.getByLabelText<HTMLInputElement>(new RegExp(fieldOf(name).label));
const problemOf = (name: FieldName) => {
  const id = control(name).getAttribute('aria-describedby') ?? '';
  return document.getElementById(id)?.textContent;
};
const whole = { title: 'Printer', name: 'Ada' };

it('has a control for each field that it is to ask for, with the focus where it is wanted', async () => {
  draw(<Form begin={whole} />);
  await form();
  expect(names.map((name) => control(name).tagName)).toEqual(['INPUT', 'TEXTAREA', 'INPUT', 'SELECT']);
  expect(names.map((name) => control(name).dataset.field)).toEqual(names);
  expect(document.activeElement).toBe(control('title'));
});

it('submits what was typed and chosen', async () => {
  const { person } = draw(<Form begin={whole} />);
  await form();
  await person.type(control('description'), 'Blank pages');
  const choices = within(control('status')).getAllByRole('option');
  expect(choices.map(({ textContent }) => textContent)).toEqual(ticketFields.status.choices);
  await person.selectOptions(control('status'), 'On Hold');
  await person.type(control('title'), ' 4{Enter}');
  const typed = { ...whole, title: 'Printer 4', description: 'Blank pages', status: 'On Hold' };
  expect(onSubmit).toHaveBeenCalledWith(ticketValues(typed));
});

it('names each wrong field, takes the focus to the first and submits nothing', async () => {
  const { person } = draw(<Form begin={{ title: 'x'.repeat(201) }} />);
  await form();
  await person.click(screen.getByRole('button', { name: 'Submit' }));
  expect(onSubmit).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(control('title'));
  expect(problemOf('title')).toContain('1 character too long');
  expect(problemOf('name')).toContain('Say who asks');
  expect(problemOf('description')).toBeUndefined();
  expect(problemOf('status')).toBeUndefined();
});

it('asks for nothing that is still to be typed, where it begins empty, before it was tried to submit it', async () => {
  const { person } = draw(<Form begin={{}} beginsEmpty />);
  await form();
  expect(problemOf('title')).toBeUndefined();
  await person.click(control('name'));
  await person.keyboard('{Enter}');
  expect(problemOf('title')).toBe('Give the ticket a title.');
  expect(document.activeElement).toBe(control('title'));
});

it('tells how much room is left once it gets short', async () => {
  const { person } = draw(<Form begin={{ title: 'x'.repeat(179) }} />);
  await form();
  expect(screen.queryByText(/left$/)).toBeNull();
  await person.type(control('title'), 'x');
  expect(problemOf('title')).toBe('20 characters left');
});

it('shows a refusal beside its field until that is typed into, and any other above all', async () => {
  const refused = { code: 'BAD_USER_INPUT', message: 'Nobody is called so.', field: 'name' };
  const { person, rerender } = draw(<Form begin={whole} failure={refused} />);
  await form();
  expect(document.activeElement).toBe(control('name'));
  expect(problemOf('name')).toBe('Nobody is called so.');
  expect(screen.getByRole('alert').id, 'none above them').toMatch(/problem$/);
  await person.type(control('name'), ' L.');
  expect(problemOf('name')).toBeUndefined();
  rerender(<Form begin={whole} failure={{ code: 'UNAVAILABLE', message: 'The service is away.' }} />);
  expect(screen.getByRole('alert').textContent).toBe('The service is away.');
});

it('is left by Escape', async () => {
  const { person } = draw(<Form begin={whole} />);
  await form();
  await person.keyboard('{Escape}');
  expect(onLeave).toHaveBeenCalledTimes(1);
});
