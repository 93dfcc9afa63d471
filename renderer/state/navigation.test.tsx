import { act, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { type Navigation, useNavigation } from './navigation.tsx';
import { panelAddress } from './panel-stack.ts';

let navigation: Navigation | undefined;

function Shown() {
  navigation = useNavigation();
  return <output>{panelAddress(navigation.panel) || 'list'}</output>;
}

it("the browser's Back goes to what stood there before, from ticket to ticket as one level", async () => {
  draw(<Shown />);
  const open = (id: number) => act(() => navigation?.open({ kind: 'ticket', id }));
  const shows = (what: string) => waitFor(() => expect(screen.getByRole('status').textContent).toBe(what));
  open(1);
  open(2);
  act(() => navigation?.open({ kind: 'outbox' }));
  history.back();
  await shows('ticket/2');
  history.back();
  await shows('list');
  expect(location.hash).toBe('#/');
  history.forward();
  await shows('ticket/2');
});
