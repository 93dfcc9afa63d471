/** What is asked or told above the page: with a heading that names it, and a way out of it. */
import { useEffect, useId, useRef } from 'react';
import Modal, { type ModalProps } from 'react-bootstrap/Modal';
import { useOwnClicks } from './use-own-clicks.ts';

export interface DialogProps extends ModalProps {
  title: string;
}

export function Dialog({ title, children, ...modal }: DialogProps) {
  const id = useId();
  useOwnClicks();
  return (
    <Modal show animation={false} aria-labelledby={id} {...modal}>
      <Modal.Header closeButton>
        <Modal.Title id={id} as="h2" className="h5 text-break">
          {title}
        </Modal.Title>
      </Modal.Header>
      {children}
    </Modal>
  );
}

/** @returns a ref for what has the focus once its dialog is open */
export function useFirstFocus<Field extends HTMLElement>() {
  const first = useRef<Field>(null);
  useEffect(() => {
    // The menu that it may have been opened from closes after this, and gives the focus back to where it was.
    const frame = requestAnimationFrame(() => first.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return first;
}
