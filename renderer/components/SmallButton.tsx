/** A button beside what it is about, of which there may be several: only the main one of a form stands out. */
import type { ComponentProps } from 'react';
import Button from 'react-bootstrap/Button';

export function SmallButton(props: ComponentProps<'button'>) {
  return <Button size="sm" variant="outline-secondary" {...props} />;
}

/** One that looks like a word of the text it stands in. */
export function WordButton(props: ComponentProps<'button'>) {
  return <Button size="sm" variant="link" className="p-0" {...props} />;
}
