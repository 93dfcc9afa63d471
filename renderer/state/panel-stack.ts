/** What stands beside the list, and the way back: a stack, so that Esc goes back one level. */

export type Panel =
  | { kind: 'none' }
  | { kind: 'ticket'; id: number }
  | { kind: 'create'; requestId: string }
  | { kind: 'new-ticket' }
  | { kind: 'outbox' }
  | { kind: 'settings' };

/** A panel that shows what a row of the list stands for. */
export type ItemPanel = Extract<Panel, { kind: 'ticket' | 'create' | 'new-ticket' }>;

/** The panel if it shows an item of the list. */
export function itemPanel(panel: Panel): ItemPanel | null {
  return panel.kind === 'ticket' || panel.kind === 'create' || panel.kind === 'new-ticket' ? panel : null;
}

/** Whether both show the same. */
export function samePanel(a: Panel | null, b: Panel | null): boolean {
  return a === b || (a !== null && b !== null && panelAddress(a) === panelAddress(b));
}

const none: Panel = { kind: 'none' };
const maxDepth = 20;

/** What stands on top; `none` on an empty stack. */
export function topPanel(stack: readonly Panel[]): Panel {
  return stack.at(-1) ?? none;
}

/**
 * The stack after opening a panel. Going from ticket to ticket is one level, as is any panel over its own
 * kind; a panel opened before moves to the top instead of standing there twice.
 */
export function openPanel(stack: readonly Panel[], panel: Panel): readonly Panel[] {
  if (panel.kind === 'none') return [];
  const top = topPanel(stack);
  const below = isItem(top) && isItem(panel) ? stack.slice(0, -1) : stack;
  const kept = below.filter((other) => other.kind !== panel.kind);
  return [...kept, panel].slice(-maxDepth);
}

/** A ticket and a create are the same level: a create becomes a ticket. */
function isItem(panel: Panel): boolean {
  return panel.kind === 'ticket' || panel.kind === 'create';
}

/** The part of the address that names a panel, so that a reload finds its place again. */
export function panelAddress(panel: Panel): string {
  switch (panel.kind) {
    case 'none':
      return '';
    case 'ticket':
      return `ticket/${panel.id}`;
    case 'create':
      return `create/${panel.requestId}`;
    default:
      return panel.kind;
  }
}

/** The panel that the page's address names. */
export function panelInAddress(): Panel {
  return panelAt(location.hash.replace(/^#\/?/, ''));
}

/** Reads an address back; anything unknown is no panel. */
export function panelAt(address: string): Panel {
  const ticket = /^ticket\/([1-9]\d{0,9})$/.exec(address);
  if (ticket) return { kind: 'ticket', id: Number(ticket[1]) };
  const create = /^create\/([0-9a-f-]{36})$/i.exec(address);
  if (create) return { kind: 'create', requestId: create[1] as string };
  if (address === 'new-ticket' || address === 'outbox' || address === 'settings') return { kind: address };
  return none;
}
