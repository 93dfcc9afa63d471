import { expect, it } from 'vitest';
import { openPanel, type Panel, panelAddress, panelAt, topPanel } from './panel-stack.ts';

const after = (...panels: Panel[]) =>
  panels.reduce<readonly Panel[]>((stack, panel) => openPanel(stack, panel), []);

it('goes back one level at a time', () => {
  const stack = after({ kind: 'ticket', id: 1 }, { kind: 'settings' });
  expect(topPanel(stack.slice(0, -1))).toEqual({ kind: 'ticket', id: 1 });
});

it('takes going from ticket to ticket, and from a create to its ticket, as one level', () => {
  const stack = after(
    { kind: 'create', requestId: 'r' },
    { kind: 'ticket', id: 1 },
    { kind: 'ticket', id: 2 },
  );
  expect(stack).toEqual([{ kind: 'ticket', id: 2 }]);
});

it('moves a panel that is open already to the top', () => {
  expect(after({ kind: 'outbox' }, { kind: 'settings' }, { kind: 'outbox' })).toEqual([
    { kind: 'settings' },
    { kind: 'outbox' },
  ]);
});

it('closes all', () => {
  expect(after({ kind: 'outbox' }, { kind: 'none' })).toEqual([]);
});

it('writes each panel as an address and reads it back; what it does not know is none', () => {
  const panels: Panel[] = [
    { kind: 'ticket', id: 4812 },
    { kind: 'create', requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01' },
    { kind: 'new-ticket' },
    { kind: 'outbox' },
    { kind: 'settings' },
    { kind: 'none' },
  ];
  for (const panel of panels) expect(panelAt(panelAddress(panel))).toEqual(panel);
  for (const address of ['ticket/0', 'ticket/x', 'ticket/1/2', 'nowhere']) {
    expect(panelAt(address)).toEqual({ kind: 'none' });
  }
});
