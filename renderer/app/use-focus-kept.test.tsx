import { act, render, screen, waitFor } from '@testing-library/react';
import Modal from 'react-bootstrap/Modal';
import { expect, it } from 'vitest';
import { useFocusKept } from './use-focus-kept.ts';

/** Shows what is named. */
function Page({ names }: { names: readonly string[] }) {
  useFocusKept();
  const button = (name: string) => names.includes(name) && <button type="button">{name}</button>;
  return (
    <>
      <button type="button" data-ticket-list data-testid="list" />
      {button('behind')}
      {names.includes('panel') && (
        <div className="panel-frame">
          <section className="panel-body" tabIndex={-1} data-testid="panel">
            {button('in panel')}
          </section>
        </div>
      )}
      {names.includes('dialog') && (
        <Modal show animation={false} restoreFocus={false}>
          {button('in dialog')}
        </Modal>
      )}
    </>
  );
}

function draw(...first: string[]) {
  const { rerender } = render(<Page names={first} />);
  return {
    focus: (name: string) => act(() => screen.getByText(name).focus()),
    show: (...names: string[]) => rerender(<Page names={names} />),
  };
}

it('keeps the focus in the dialog or panel whose focused button has done its work', async () => {
  const { focus, show } = draw('panel', 'in panel');
  focus('in panel');
  show('panel');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('panel')));

  show('panel', 'dialog', 'in dialog');
  focus('in dialog');
  show('panel', 'dialog');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('dialog')));
});

it('goes back to what is behind a dialog that did not know, and else to the list', async () => {
  const { focus, show } = draw('behind');
  focus('behind');
  show('behind', 'dialog', 'in dialog');
  focus('in dialog');
  show('behind');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText('behind')));

  show();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('list')));
});

it('leaves the focus away where the person has taken it away', async () => {
  const { focus, show } = draw('panel', 'in panel');
  focus('in panel');
  act(() => screen.getByText('in panel').blur());
  await Promise.resolve();
  show('panel');
  await Promise.resolve();
  expect(document.activeElement).toBe(document.body);
});
