import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { notifyOfUnsentAtQuit } from './notify-of-unsent.ts';

const shown = vi.hoisted((): object[] => []);
vi.mock('electron', () => ({
  Notification: class {
    static isSupported = () => true;
    readonly #words: object;
    constructor(words: object) {
      this.#words = words;
    }
    show() {
      shown.push(this.#words);
    }
  },
}));

beforeEach(() => {
  shown.length = 0;
  vi.restoreAllMocks();
});

function quitWith(unsent: { waiting: number; failed: number }) {
  const app = new EventEmitter();
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  notifyOfUnsentAtQuit(app as unknown as Pick<Electron.App, 'once'>, () => unsent);
  app.emit('before-quit');
  app.emit('before-quit');
  return log;
}

test.each([
  [
    1,
    '1 ticket waits to be sent',
    'It is safe on this computer and goes out when Ticket Desk is started again.',
  ],
  [
    3,
    '3 tickets wait to be sent',
    'They are safe on this computer and go out when Ticket Desk is started again.',
  ],
])('with %i that wait, it is said once, in a notification and in the terminal', (waiting, title, body) => {
  const log = quitWith({ waiting, failed: 1 });
  expect(shown).toEqual([{ title, body, silent: true }]);
  expect(log.mock.calls).toEqual([[`${title}. ${body}`]]);
});

test('when nothing waits there is nothing to say, and what needs the person waits for nobody', () => {
  expect(quitWith({ waiting: 0, failed: 2 }).mock.calls).toEqual([]);
  expect(shown).toEqual([]);
});
