import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { linkedTicket, setupLinks, ticketInArguments } from './deep-links.ts';

test.each([
  ['ticketdesk://ticket/12', 12],
  ['ticketdesk://ticket/12/', 12],
  ['TICKETDESK://Ticket/2147483647', 2_147_483_647],
])('%s names a ticket', (link, id) => {
  expect(linkedTicket(link)).toBe(id);
});

test.each([
  'ticketdesk://ticket/0',
  'ticketdesk://ticket/012',
  'ticketdesk://ticket/2147483648',
  'ticketdesk://ticket/-1',
  'ticketdesk://ticket/1e3',
  'ticketdesk://ticket/12?run=x',
  'ticketdesk://ticket/12#/settings',
  'ticketdesk://ticket/12/../13',
  'ticketdesk://ticket/12//',
  'ticketdesk://ticket//12',
  'ticketdesk://ticket/12,13',
  'ticketdesk://ticket/１２',
  'ticketdesk://ticket/12\0',
  'ticketdesk://ticket/12" --no-sandbox "',
  'ticketdesk://ticket/%31',
  'ticketdesk://user@ticket/12',
  'ticketdesk://ticket:80/12',
  'ticketdesk://settings',
  'ticketdesk:ticket/12',
  'xticketdesk://ticket/12',
  'https://ticket/12',
  '--open=ticketdesk://ticket/12',
  'ticketdesk://ticket/12\n--no-sandbox',
  ' ticketdesk://ticket/12',
  '',
])('%j names none', (link) => {
  expect(linkedTicket(link)).toBeNull();
});

test('a link is found among the switches that a system adds', () => {
  expect(ticketInArguments(['/opt/desk', '--allow-file-access', 'ticketdesk://ticket/7'])).toBe(7);
  expect(ticketInArguments(['/opt/desk', '/home/a/ticketdesk'])).toBeNull();
});

function anApp({ isPackaged = false } = {}) {
  return Object.assign(new EventEmitter(), { isPackaged, setAsDefaultProtocolClient: vi.fn() });
}
type Emitting = ReturnType<typeof anApp>;
const asApp = (app: Emitting) => app as unknown as App;

describe('the first desk', () => {
  test('opens the ticket of its own start, once it can', () => {
    const open = vi.fn();
    setupLinks(asApp(anApp()), { given: ['desk', 'ticketdesk://ticket/3'], platform: 'linux' }).follow(open);
    expect(open).toHaveBeenCalledExactlyOnceWith(3);
  });

  test('opens a link that came before it could, as on macOS', () => {
    const app = anApp();
    const open = vi.fn();
    const links = setupLinks(asApp(app), { given: ['desk'], platform: 'darwin' });
    const event = { preventDefault: vi.fn() };
    app.emit('open-url', event, 'ticketdesk://ticket/4');
    expect(event.preventDefault).toHaveBeenCalled();
    links.follow(open);
    expect(open).toHaveBeenCalledExactlyOnceWith(4);
  });

  test('comes to the front for a start that came before it could, and opens what the link before said', () => {
    for (const [given, expected] of [
      [['desk', '--hidden'], null],
      [['desk', 'ticketdesk://ticket/3'], 3],
    ] as const) {
      const app = anApp();
      const open = vi.fn();
      const links = setupLinks(asApp(app), { given, platform: 'linux' });
      app.emit('second-instance', {}, ['desk']);
      links.follow(open);
      expect(open).toHaveBeenCalledExactlyOnceWith(expected);
    }
  });

  test('comes to the front for a second start, and for a link that says nothing it knows', () => {
    const app = anApp();
    const open = vi.fn();
    setupLinks(asApp(app), { given: ['desk'], platform: 'linux' }).follow(open);
    expect(open).not.toHaveBeenCalled();
    app.emit('second-instance', {}, ['desk']);
    app.emit('second-instance', {}, ['desk', 'ticketdesk://ticket/9']);
    app.emit('second-instance', {}, ['desk', 'ticketdesk://run/calc']);
    expect(open.mock.calls).toEqual([[null], [9], [null]]);
  });

  test('stays where it is for a second start at login', () => {
    const app = anApp();
    const open = vi.fn();
    setupLinks(asApp(app), { given: ['desk'], platform: 'linux' }).follow(open);
    app.emit('second-instance', {}, ['desk', '--hidden']);
    expect(open).not.toHaveBeenCalled();
  });
});

test.each([
  ['win32', true, 1],
  ['darwin', true, 1],
  ['linux', true, 0],
  ['win32', false, 0],
] as const)('on %s, packaged: %s, the scheme is registered %i times', (platform, isPackaged, times) => {
  const app = anApp({ isPackaged });
  setupLinks(asApp(app), { given: [], platform });
  expect(app.setAsDefaultProtocolClient).toHaveBeenCalledTimes(times);
});
