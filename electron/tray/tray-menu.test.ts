import { expect, test, vi } from 'vitest';
import { trayTemplate, trayTooltip } from './tray-menu.ts';

const actions = { open: vi.fn(), run: vi.fn(), quit: vi.fn() };
const itemOf = (unsent: { waiting: number; failed: number }, label: string) =>
  trayTemplate(unsent, actions).find((item) => item.label?.startsWith(label)) as {
    label: string;
    enabled?: boolean;
    click(): void;
  };
const none = { waiting: 0, failed: 0 };

test('the menu opens, begins a ticket and quits', () => {
  itemOf(none, 'Open').click();
  expect(actions.open).toHaveBeenCalledOnce();
  itemOf(none, 'New ticket').click();
  expect(actions.run).toHaveBeenCalledExactlyOnceWith('new-ticket');
  itemOf(none, 'Quit').click();
  expect(actions.quit).toHaveBeenCalledOnce();
});

test.each([
  [{ waiting: 1, failed: 0 }, '1 ticket waits to be sent'],
  [{ waiting: 3, failed: 0 }, '3 tickets wait to be sent'],
  [{ waiting: 2, failed: 1 }, '2 tickets wait to be sent, 1 could not be sent'],
  [{ waiting: 0, failed: 2 }, '2 could not be sent'],
])('with %j menu and tooltip say so, and the item leads to the outbox', (unsent, words) => {
  actions.run.mockClear();
  itemOf(unsent, words).click();
  expect(actions.run).toHaveBeenCalledExactlyOnceWith('view-outbox');
  expect(trayTooltip(unsent)).toBe(`Ticket Desk: ${words}`);
});

test('when nothing waits, it says that', () => {
  expect(itemOf(none, 'Nothing waits')).toMatchObject({ enabled: false });
  expect(trayTooltip(none)).toBe('Ticket Desk');
});
