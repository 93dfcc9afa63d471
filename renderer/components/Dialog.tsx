/** What is asked or told above the page: with a heading that names it, and a way out of it. */
import { useId } from 'react';
import Modal, { type ModalProps } from 'react-bootstrap/Modal';

export interface DialogProps extends ModalProps {
  title: string;
}

export function Dialog({ title, children, ...modal }: DialogProps) {
  const id = useId();
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
