/**
 * Quitting with creates that wait: a notification says that they are safe. It holds up nothing, least of all a
 * shutdown, and stays when the window is gone; a lost link is no dialog, and neither is this.
 */
import { type App, Notification } from 'electron';
import { type Unsent, unsentNotification } from './unsent-words.ts';

export function notifyOfUnsentAtQuit(app: Pick<App, 'once'>, unsent: () => Unsent): void {
  app.once('before-quit', () => {
    const words = unsentNotification(unsent());
    if (!words) return;
    if (Notification.isSupported()) new Notification({ ...words, silent: true }).show();
    // For who started it in a terminal, and where nobody shows notifications.
    console.log(`${words.title}. ${words.body}`);
  });
}
