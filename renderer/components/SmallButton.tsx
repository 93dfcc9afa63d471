/** A button beside what it is about, of which there may be several: only the main one of a form stands out. */
import type { ComponentProps } from 'react';
import Button from 'react-bootstrap/Button';

export function SmallButton(props: ComponentProps<'button'>) {
  return <Button size="sm" variant="outline-secondary" {...props} />;
}
