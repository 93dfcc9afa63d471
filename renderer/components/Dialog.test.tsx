import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { Dialog } from './Dialog.tsx';

const run = vi.fn();
const onHide = vi.fn();

/** As one whose first button gives way to another in its place. */
function TwoSteps() {
  const [isChecked, setIsChecked] = useState(false);
  return (
    <Dialog title="Import tickets" onHide={onHide}>
      {isChecked ? (
        <button key="run" type="button" onClick={run}>
          Import
        </button>
      ) : (
        <button key="check" type="button" onClick={() => setIsChecked(true)}>
          Check
        </button>
      )}
    </Dialog>
  );
}

/** One half of a double click. */
function press(element: Element, detail: number) {
  fireEvent.mouseDown(element, { detail });
  fireEvent.mouseUp(element, { detail });
  fireEvent.click(element, { detail });
}

const button = (name: string) => screen.getByRole('button', { name });

it('does nothing by the second half of a double click on what came there by its first', () => {
  draw(<TwoSteps />);
  press(button('Check'), 1);
  press(button('Import'), 2);
  press(screen.getByRole('dialog'), 2);
  expect(run).not.toHaveBeenCalled();
  expect(onHide).not.toHaveBeenCalled();
  press(button('Import'), 1);
  press(button('Import'), 2);
  expect(run).toHaveBeenCalledTimes(2);
  press(screen.getByRole('dialog'), 1);
  expect(onHide).toHaveBeenCalledOnce();
});

it('stays where the double click that opened it ends on the ground beside it', () => {
  onHide.mockClear();
  draw(<TwoSteps />);
  press(screen.getByRole('dialog'), 2);
  expect(onHide).not.toHaveBeenCalled();
});
